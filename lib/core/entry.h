#ifndef METER_CORE_ENTRY_H
#define METER_CORE_ENTRY_H

/*
 * The small files hold objects by their names: tasks, tiers.  A change says
 * which fields of one of them are to have another value; fields that it does
 * not give stay as they are, and so does what meter does not know.
 */

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/text.h"

struct arena;
struct error;
struct node;

enum {
	ENTRY_FIELDS_MAX = 5,
};

/* A kind of object. */
struct entry_kind {
	const char *noun;	/* "task", for messages */
	const char *plural;	/* what the map of them is called */
	const char *id;		/* what an object's name is called outside it */
	const char *other_id;	/* and what others call that; or NULL */
	/* The fields in the order in which they are stored, and what others
	 * call them; or NULL. */
	const char *fields[ENTRY_FIELDS_MAX];
	const char *other_fields[ENTRY_FIELDS_MAX];
	size_t field_count;
	/* What is wrong with a value of a field, in words, or NULL. */
	const char *(*problem)(size_t field, struct text value);
	/* Check a stored object: ERROR_DATA with its place. */
	int (*check)(const struct node *stored, struct error *err);
};

struct entry_change {
	struct text id;
	bool given[ENTRY_FIELDS_MAX];
	struct text value[ENTRY_FIELDS_MAX];	/* null clears the field */
	const struct node *source;	/* where it was read; or NULL */
};

/* Give a field a value; NULL stays ungiven and the empty text clears. */
void entry_give(struct entry_change *change, size_t field, const char *value);

/*
 * What is wrong with a change, in words, or NULL: its id or a value.  *name is
 * then what the field is called.
 */
const char *entry_problem(const struct entry_change *change,
    const struct entry_kind *kind, const char **name);

/*
 * Read changes from a document: a list of objects with their ids, one such
 * object, a map of objects by their ids, or what holds that map as the stored
 * file does.  Null and the empty text clear a field.  What is wrong, a field
 * that is not known and an id that stands twice are ERROR_DATA with the
 * place.
 */
int entry_read(struct entry_change **out, size_t *count, struct arena *arena,
    const struct entry_kind *kind, const struct node *document,
    struct error *err);

/*
 * Check the names of a table's columns, a list of strings, also where there is
 * no row below them.
 */
int entry_check_header(const struct entry_kind *kind,
    const struct node *header, struct error *err);

/* A new object as it is stored: all fields, null. */
struct node *entry_new(struct arena *arena, const struct entry_kind *kind);

/* Carry a change out on a stored object; return whether it changed that. */
bool entry_apply(struct arena *arena, const struct entry_kind *kind,
    struct node *stored, const struct entry_change *change);

/* A stored object with its id before its fields, for who lists them. */
struct node *entry_node(struct arena *arena, const struct entry_kind *kind,
    const struct node *stored);

#endif
