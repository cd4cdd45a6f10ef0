#ifndef METER_DOC_DOC_H
#define METER_DOC_DOC_H

/*
 * Reading a document that is JSON or YAML, told apart by its content.
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

#endif
