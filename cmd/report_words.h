#ifndef METER_CMD_REPORT_WORDS_H
#define METER_CMD_REPORT_WORDS_H

/*
 * Filters as the words of a command line, so that a report can say which
 * command prints what it shows.
 */

struct arena;
struct usage_filter;

/*
 * The options that were taken, a blank before each, quoted for a shell:
 * ` --repo site --since 2026-11-01T00:00:00Z`; "" where there are none.
 * Times are absolute, whatever they were given as.
 */
const char *report_words(struct arena *arena,
    const struct usage_filter *options);

/* The word, quoted where a shell would not take it as it is. */
const char *report_words_quote(struct arena *arena, const char *word);

#endif
