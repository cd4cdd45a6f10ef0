#ifndef METER_DOC_DOC_H
#define METER_DOC_DOC_H

/*
 * Reading a document that is JSON or YAML, or CSV where rows will do, told apart
 * by its content.
 */

#include "lib/base/text.h"

struct arena;
struct error;
struct node;

/*
 * Read text as JSON where, past blanks and opening brackets, it goes on as
 * only JSON does (a double quote, a closing bracket, a number, true, false or
 * null right behind a bracket), else as YAML.  Arguments and errors are those
 * of json_read and yaml_read.
 */
int doc_read(struct node **out, struct arena *arena, struct text text,
    const char *file, struct error *err);

/*
 * As doc_read, and CSV (csv_read) where the text can be nothing else; *header
 * is NULL where it is not.
 */
int doc_read_rows(struct node **out, struct node **header, struct arena *arena,
    struct text text, const char *file, struct error *err);

#endif
