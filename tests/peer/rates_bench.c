/*
 * The C side of tests/bench/prices.py: given a rate table and a file of
 * calls, a JSON line each, measures in this process what prices cost, and
 * prints a name and nanoseconds a line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/money.h"
#include "lib/base/text.h"
#include "lib/base/when.h"
#include "lib/core/rates.h"
#include "lib/core/rates_package.h"
#include "lib/core/rates_table.h"
#include "lib/core/tokens.h"
#include "lib/doc/json.h"
#include "lib/doc/node.h"
#include "lib/store/settings.h"

enum {
	MAX_CALLS = 100000,
	ROUNDS = 31,
	FEW = 20,
	FEW_TIMES = 100,
	LONG_NAME = 200,
};

struct call {
	struct text line;
	struct text model;
	struct tokens tokens;
};

static struct arena arena;
static struct call calls[MAX_CALLS];
static size_t call_count;
static const struct when at = { 1795334400000000 };

static double
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void
need(int result, const struct error *err)
{
	if (result == 0)
		return;
	fprintf(stderr, "%s\n", err->text);
	exit(EXIT_FAILURE);
}

static int
compare(const void *left, const void *right)
{
	const double *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* Print the median of the work done ROUNDS times, divided by times. */
static void
measure(const char *name, void (*work)(void), double times)
{
	double spent[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		double start = now();

		work();
		spent[i] = (now() - start) / times;
	}
	qsort(spent, ROUNDS, sizeof(spent[0]), compare);
	printf("%s %.1f\n", name, spent[ROUNDS / 2]);
}

static void
read_call(struct call *call, struct arena *room)
{
	struct node *root;
	struct error err;

	need(json_read(&root, room, call->line, "calls", 1, &err), &err);
	call->model = node_get(root, "model")->text;
	need(tokens_read(&call->tokens, node_get(root, "usage"), &err), &err);
}

static void
load_calls(const char *path)
{
	struct buf text = BUF_INIT;
	struct error err;
	char *rest;

	need(file_read_input(&text, path, (size_t)1 << 30, &err), &err);
	rest = arena_copy(&arena, text.text, text.len);
	for (char *line;
	     call_count < MAX_CALLS && (line = strsep(&rest, "\n"));)
		if (*line != '\0')
			calls[call_count++].line = text_of(line);
	for (size_t i = 0; i < call_count; i++)
		read_call(&calls[i], &arena);
	buf_release(&text);
}

static void
read_lines(void)
{
	for (size_t i = 0; i < call_count; i++) {
		struct arena room = { NULL };
		struct call call = calls[i];

		read_call(&call, &room);
		arena_release(&room);
	}
}

static struct rates *prices;

static void
price_first(size_t count)
{
	struct money cost, sum = MONEY_ZERO;
	struct error err;
	bool priced;

	for (size_t i = 0; i < count; i++) {
		need(rates_price(&cost, &priced, prices, calls[i].model, at,
			 &calls[i].tokens, &err),
		    &err);
		if (!priced || money_add(&sum, sum, cost) < 0)
			exit(EXIT_FAILURE);
	}
}

static void
price_calls(void)
{
	price_first(call_count);
}

/* So few models that all of them stay in the processor's cache. */
static void
price_few(void)
{
	for (int i = 0; i < FEW_TIMES; i++)
		price_first(FEW);
}

static const char *table_path;

static void
load_table(void)
{
	struct arena room = { NULL };
	struct rates_table *table;
	struct error err;

	need(settings_rates_file(&table, &room, table_path, &err), &err);
	arena_release(&room);
}

/* What each start pays for the table that is compiled in. */
static void
open_package(void)
{
	struct arena room = { NULL };
	struct rates_package package = rates_package_builtin();

	rates_new(&room, NULL, &package);
	arena_release(&room);
}

/* And what the first call of a model pays. */
static void
open_and_find(void)
{
	struct rates_package package = rates_package_builtin();
	const struct rates_entry *entry;
	struct arena room = { NULL };
	struct error err;

	need(rates_find(&entry, rates_new(&room, NULL, &package),
		 TEXT("claude-sonnet-4-5"), at, &err),
	    &err);
	if (!entry)
		exit(EXIT_FAILURE);
	arena_release(&room);
}

/* What it would pay if the whole table were read. */
static void
read_package(void)
{
	struct rates_package package = rates_package_builtin();
	struct arena room = { NULL };
	struct rates_table *table;
	struct error err;

	need(rates_package_read(&table, &room, &package, &err), &err);
	arena_release(&room);
}

static struct rates_table *hostile;

static void
match_hostile(void)
{
	const struct rates_entry *entry;
	char name[LONG_NAME];
	struct error err;

	memset(name, 'a', sizeof(name));
	name[sizeof(name) - 1] = '!';
	if (rates_table_pattern(&entry, hostile,
		(struct text){ name, sizeof(name) }, 0, &err) == 0)
		exit(EXIT_FAILURE);
}

int
main(int argc, char **argv)
{
	struct rates_table *table;
	struct error err;

	if (argc != 4)
		return EXIT_FAILURE;
	table_path = argv[1];
	load_calls(argv[2]);
	if (call_count < FEW)
		return EXIT_FAILURE;
	need(settings_rates_file(&table, &arena, table_path, &err), &err);
	need(settings_rates_file(&hostile, &arena, argv[3], &err), &err);
	prices = rates_new(&arena, table, NULL);
	price_calls();
	measure("price", price_calls, (double)call_count);
	measure("few", price_few, FEW * FEW_TIMES);
	measure("line", read_lines, (double)call_count);
	measure("load", load_table, 1);
	measure("open", open_package, 1);
	measure("find", open_and_find, 1);
	measure("whole", read_package, 1);
	measure("hostile", match_hostile, 1);
	arena_release(&arena);
	return EXIT_SUCCESS;
}
