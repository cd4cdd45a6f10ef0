#ifndef METER_STORE_RUNS_SURVEY_H
#define METER_STORE_RUNS_SURVEY_H

/*
 * What state `usage.yaml` is in (reliability.md 2).  Mostly it is one that
 * meter left, which a stamp in .cache/ says, and then its head and its last
 * run are all that is looked at.  Where the stamp does not fit (another
 * program wrote, a person edited, a writer was killed) every run is.
 *
 * The stamp is a cache: without it the whole file is looked at once more.
 */

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/file.h"
#include "lib/base/text.h"
#include "lib/core/run.h"

struct error;
struct node;
struct workspace;

#define RUNS_NAME "usage.yaml"

enum runs_shape {
	RUNS_MISSING,	/* there is no file */
	RUNS_CANONICAL,	/* a run can be appended */
	RUNS_TORN,	/* it can, once what was torn off is set aside */
	RUNS_FOREIGN,	/* valid, in a form that must be rewritten first */
};

struct runs_survey {
	enum runs_shape shape;
	bool lacks_newline;	/* behind the last run, which is whole */
	int64_t begin;		/* of the runs, behind the head */
	int line;		/* of the same */
	int64_t end;		/* of the last whole run */
	int64_t last;		/* its index, 0 where there is none */
	int64_t last_begin;	/* where it stands */
	int last_line;		/* on which line, 0 where not counted */
	struct node *root;	/* the document of a RUNS_FOREIGN, where it
				 * could only be read as a whole */
};

/*
 * Look at the open file and say what is there.  What cannot be read is
 * ERROR_DATA with its place; what was torn off a record is not.
 */
int runs_survey(struct runs_survey *out, struct workspace *workspace,
    const struct file *file, struct error *err);

/*
 * Read one item, a list of one run, that begins on the line of the file.  The
 * document is kept in the arena.
 */
int runs_survey_read_item(struct node **stored, struct run *run,
    struct arena *arena, struct text item, const char *path, int line,
    struct error *err);

#endif
