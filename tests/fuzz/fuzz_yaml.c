/*
 * yaml_read on any bytes.  What it takes, written by yaml_write and read again,
 * is the same tree; what it refuses has an error with a place in it.
 */
#include "lib/doc/yaml.h"

#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/doc/yaml_write.h"
#include "lib/doc/node.h"
#include "tests/fuzz/must.h"
#include "tests/fuzz/same.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_round_trip(struct arena *arena, const struct node *root)
{
	struct buf out = BUF_INIT;
	struct error err = { 0 };
	struct node *again;

	yaml_write(&out, root);
	must(yaml_read(&again, arena, (struct text){ out.text, out.len }, "f",
		 1, &err) == 0);
	must(same_tree(root, again));
	buf_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = { (const char *)data, size };
	struct arena arena = ARENA_INIT;
	struct error err = { 0 };
	struct node *root;

	if (yaml_read(&root, &arena, text, "f", 1, &err) == 0)
		check_round_trip(&arena, root);
	else
		must_be_of_data(&err);
	arena_release(&arena);
	return 0;
}
