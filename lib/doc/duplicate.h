#ifndef METER_DOC_DUPLICATE_H
#define METER_DOC_DUPLICATE_H

/* Keys that stand twice in a map, which no document may have. */

struct node;

/*
 * The first key that a map holds twice, as the later node; NULL where there
 * is none.  *earlier is the other one.  The readers call this for each map.
 */
const struct node *duplicate_find(const struct node *map,
    const struct node **earlier);

#endif
