#ifndef METER_DOC_YAML_TEXT_H
#define METER_DOC_YAML_TEXT_H

/*
 * What a YAML text is refused for by its bytes, before and behind the part
 * that libyaml gets to parse.  On failure these return -1 and describe it in
 * the error of the source.
 */

#include <stddef.h>

struct source;

/*
 * Refuse the characters that YAML has no place for, the line breaks that
 * only YAML knows, and directives.
 */
int yaml_text_check(const struct source *source);

/*
 * Refuse anything but comments and `...` behind the document, which ends in
 * the given line and column of the source, both counted from 0.
 */
int yaml_text_check_end(const struct source *source, size_t line,
    size_t column);

#endif
