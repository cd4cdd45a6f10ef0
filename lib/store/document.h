#ifndef METER_STORE_DOCUMENT_H
#define METER_STORE_DOCUMENT_H

/*
 * A data file that is one YAML document: read whole, checked for its
 * version, and replaced whole.
 */

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/text.h"

struct buf;
struct error;
struct node;
struct workspace;

enum document_use {
	DOCUMENT_READ,	/* a newer version is read, with a note */
	DOCUMENT_WRITE,	/* a newer version is refused */
};

/*
 * Read the data file name, at most max bytes, into the workspace's arena.
 * *out is NULL where there is no such file.  A file that is no mapping, has
 * no schema_version or a damaged one, is ERROR_DATA with its place.
 */
int document_read(struct node **out, struct workspace *workspace,
    const char *name, size_t max, enum document_use use, struct error *err);

/*
 * The same in two steps, for who can do without the tree: the bytes, which live
 * as long as the command, *out null where there is no such file; and the
 * document that they are.
 */
int document_bytes(struct text *out, struct workspace *workspace,
    const char *name, size_t max, struct error *err);
int document_parse(struct node **out, struct workspace *workspace,
    const char *name, struct text text, enum document_use use,
    struct error *err);

/* Check the schema_version of a document, as document_read does. */
int document_check_version(struct workspace *workspace,
    const struct node *root, const char *name, enum document_use use,
    struct error *err);

/*
 * Append the document as it is stored; ERROR_DATA where it takes more than max
 * bytes, since document_read would refuse it.
 */
int document_write(struct buf *out, const char *name, const struct node *root,
    size_t max, struct error *err);

/* Refuse what is longer than max bytes likewise. */
int document_check_size(const struct buf *text, const char *name, size_t max,
    struct error *err);

/*
 * Put the document in the place of the data file, durably; it fails as
 * document_write does.
 */
int document_replace(struct workspace *workspace, const char *name,
    const struct node *root, size_t max, struct error *err);

#endif
