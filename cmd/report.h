#ifndef METER_CMD_REPORT_H
#define METER_CMD_REPORT_H

/*
 * What `report generation` does, for `record run --report` too.
 */

struct session;
struct summary_file;

/*
 * Put the line into FILE, or where that is NULL into the workspace's
 * reports/generation-summary.md.
 */
int report_write_generation(struct session *session,
    const struct summary_file *summary, const char *file);

#endif
