#ifndef METER_CORE_ATTRIBUTION_MIX_H
#define METER_CORE_ATTRIBUTION_MIX_H

/*
 * The cause that a day's tokens came from dearer models than before.
 */

struct arena;
struct attribution_part;
struct attribution_question;
struct error;

/*
 * Look for it: 1 where it is found, with its figures and evidence in the
 * part, else 0; -1 where a figure does not fit.
 */
int attribution_mix_find(struct attribution_part *part, struct arena *arena,
    const struct attribution_question *question, struct error *err);

#endif
