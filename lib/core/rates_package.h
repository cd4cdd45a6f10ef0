#ifndef METER_CORE_RATES_PACKAGE_H
#define METER_CORE_RATES_PACKAGE_H

/*
 * The package's table, rates/model-rates.yaml, compiled in as it stands.
 * Parsing all of it would cost each start tens of milliseconds, so its form
 * is fixed: what `meter rates import` writes.  After comments and the line
 * `rates:` comes one line an exact entry, after the line `patterns:` one line
 * a pattern, each pattern that of a single name, both sorted by name:
 *
 *	  'gpt-4': {prompt_per_1k: 0.03, completion_per_1k: 0.06}
 *	- {match: '^gpt-4\.1$', input_per_mtok: 2, …}
 *
 * A name's lines are then found by bisection, and only they are parsed, by
 * the reader of all tables.  To anyone else the file is a table like others.
 */

#include <stddef.h>

#include "lib/base/text.h"

struct arena;
struct error;
struct rates_table;

struct rates_package {
	const char *file;	/* its name in messages and answers */
	struct text text;
	size_t exact;		/* where the first exact entry starts */
	size_t patterns;	/* where the line `patterns:` starts, or the
				 * end */
	size_t end;
};

/* The name under which the package's table is spoken of. */
#define RATES_PACKAGE_FILE "built-in model-rates.yaml"

/* The table that is compiled in. */
struct rates_package rates_package_builtin(void);

/* A text in the form above, as a table to look up in. */
struct rates_package rates_package_of(const char *file, struct text text);

/* Read the lines of one name, and those alone, into a table. */
int rates_package_find(struct rates_table **out, struct arena *arena,
    const struct rates_package *package, struct text name,
    struct error *err);

/* Read all of it. */
int rates_package_read(struct rates_table **out, struct arena *arena,
    const struct rates_package *package, struct error *err);

#endif
