#ifndef METER_STORE_CHANGES_H
#define METER_STORE_CHANGES_H

/*
 * Several files that are replaced in one change, all or none (see pending).
 */

#include <stddef.h>

#include "lib/base/text.h"

struct arena;
struct error;
struct workspace;

struct changes_file {
	struct changes_file *next;
	const char *name;	/* below output/budget */
	struct text text;
};

struct changes {
	struct changes_file *files, **end;
	size_t count;
};

/* Begin with no file. */
void changes_init(struct changes *changes);

/* Put a file in; name and text are copied. */
void changes_add(struct changes *changes, struct arena *arena,
    const char *name, struct text text);

/*
 * Make the change durable, under the lock, and carry it out.  On -1 nothing
 * has changed.  What fails once it is durable is noted: the next writer does
 * it.
 */
int changes_commit(const struct changes *changes, struct workspace *workspace,
    struct error *err);

#endif
