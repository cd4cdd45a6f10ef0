/*
 * csv_read on any bytes.  What it takes are rows of the header's names, each
 * with its place; what it refuses has an error with a place in it.
 */
#include "lib/doc/csv_read.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/doc/node.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* Nothing but printable ASCII reaches the message. */
static void
check_error(const struct error *err)
{
	must(err->kind == ERROR_DATA);
	must(strncmp(err->text, "f:", 2) == 0);
	for (const char *p = err->text; *p; p++)
		must(*p >= ' ' && *p <= '~');
}

static void
check_rows(const struct node *rows, const struct node *header)
{
	const struct node *name, *cell;

	must(header->count > 0);
	for (const struct node *row = rows->first; row; row = row->next) {
		must(row->count == header->count);
		name = header->first;
		for (cell = row->first; cell; cell = cell->next) {
			must(text_equal(cell->key, name->text));
			must(cell->line > 0 && cell->column > 0);
			name = name->next;
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = { (const char *)data, size };
	struct arena arena = ARENA_INIT;
	struct node *rows, *header;
	struct error err = { 0 };

	csv_read_is_csv(text);
	if (csv_read(&rows, &header, &arena, text, "f", &err) == 0)
		check_rows(rows, header);
	else
		check_error(&err);
	arena_release(&arena);
	return 0;
}
