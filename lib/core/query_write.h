#ifndef METER_CORE_QUERY_WRITE_H
#define METER_CORE_QUERY_WRITE_H

struct buf;
struct query;

/*
 * Append the document of query_node as JSON, as json_write_pretty has it,
 * without taking memory for the groups.
 */
void query_write_json(struct buf *out, const struct query *query);

#endif
