#ifndef METER_STORE_ENTRIES_H
#define METER_STORE_ENTRIES_H

/*
 * The small files that hold objects by their names: `tasks.yaml`,
 * `tiers.yaml` (DESIGN.md 2.5).  Each is one document, `{schema_version,
 * KIND: {NAME: {…}}}`, and is replaced as a whole.
 */

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/text.h"
#include "lib/base/when.h"

struct arena;
struct buf;
struct entry_change;
struct entry_kind;
struct error;
struct node;
struct workspace;

struct entries {
	struct node *root;	/* the document; NULL where there is none */
	struct node *map;	/* NAME: object; NULL where there is none */
};

/*
 * The file's bytes, which live as long as the command; null where there is
 * none.
 */
int entries_bytes(struct text *out, struct workspace *workspace,
    const struct entry_kind *kind, struct error *err);

/*
 * Load them for looking.  What is damaged of the file is ERROR_DATA with its
 * place; the objects are not looked at.
 */
int entries_load(struct entries *out, struct workspace *workspace,
    const struct entry_kind *kind, struct error *err);

/* The same of bytes that were read. */
int entries_parse(struct entries *out, struct workspace *workspace,
    const struct entry_kind *kind, struct text text, struct error *err);

/* Check each object. */
int entries_check(const struct entries *entries, const struct entry_kind *kind,
    struct error *err);

/* Called with a change before it is carried out on a stored object. */
typedef void entries_completer(struct entry_change *change,
    struct arena *arena, const struct node *stored, struct when now);

/*
 * Find where the lines of an object stand in the file's text, the end where it
 * is not there.  Return false where the text is to be read as YAML first.
 */
typedef bool entries_finder(size_t *start, size_t *end, struct arena *arena,
    struct text text, struct text id);

/* Changes to be made to a file, which may be completed on the way. */
struct entries_changes {
	const struct entry_kind *kind;
	struct entry_change *changes;
	size_t count;
	entries_completer *complete;	/* or NULL */
	entries_finder *find;	/* for one change alone; or NULL */
};

/*
 * Make the changes, under the lock, which this takes and gives back: all of
 * them or, where something is wrong, none.  Objects that are not there yet are
 * added behind the others.
 */
int entries_change(struct workspace *workspace,
    const struct entries_changes *changes, struct error *err);

/*
 * What the file is to hold once the changes are made, under the lock;
 * *has_changed tells whether that is anything new.  For who writes it together
 * with others.
 */
int entries_text(struct buf *out, bool *has_changed,
    struct workspace *workspace, const struct entries_changes *changes,
    struct when now, struct error *err);

/* The name of the file of a kind, in the workspace's arena. */
const char *entries_file(struct workspace *workspace,
    const struct entry_kind *kind);

#endif
