#ifndef METER_DOC_YAML_WRITE_H
#define METER_DOC_YAML_WRITE_H

/*
 * Writing YAML: the bytes of PyYAML 6's `yaml.safe_dump(x, sort_keys=False)`
 * (reliability.md 3).  ASCII only, width 80, block style.
 */

struct buf;
struct node;

/*
 * Append the document to out, ending in one newline.  Strings are written
 * as PyYAML writes str, NODE_INT as its digits, NODE_FLOAT as its repr with a
 * dot, whatever the text said; NODE_AS_YAML scalars as their text.  The root
 * may be any node.
 */
void yaml_write(struct buf *out, const struct node *node);

#endif
