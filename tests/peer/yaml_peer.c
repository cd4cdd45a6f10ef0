/*
 * The side of meter in tests/peer/yaml_write.py and json_write.py: read one
 * JSON document a line, write each as YAML, or as JSON in the way that the
 * argument names, and a line with only a NUL byte after each.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/doc/json.h"
#include "lib/doc/json_write.h"
#include "lib/doc/node.h"
#include "lib/doc/yaml_write.h"

static const struct {
	const char *name;
	void (*write)(struct buf *out, const struct node *node);
} ways[] = {
	{ "yaml", yaml_write },
	{ "line", json_write_line },
	{ "pretty", json_write_pretty },
	{ "python", json_write_python },
};

static int
write_document(struct text json, int line, size_t way)
{
	struct arena arena = ARENA_INIT;
	struct buf out = BUF_INIT;
	struct error err = { 0 };
	struct node *node;
	int rc = -1;

	if (json_read(&node, &arena, json, "stdin", line, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		goto done;
	}
	ways[way].write(&out, node);
	buf_add(&out, "\0\n", 2);
	if (fwrite(out.text, 1, out.len, stdout) == out.len)
		rc = 0;
done:
	buf_release(&out);
	arena_release(&arena);
	return rc;
}

int
main(int argc, char **argv)
{
	size_t way = 0, size = 0;
	char *line = NULL;
	ssize_t len;
	int count = 0, rc = 0;

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (argc > 1 && strcmp(argv[1], ways[i].name) == 0)
			way = i;
	while (rc == 0 && (len = getline(&line, &size, stdin)) > 0)
		rc = write_document((struct text){ line, (size_t)len }, ++count,
		    way);
	free(line);
	return rc == 0 && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
