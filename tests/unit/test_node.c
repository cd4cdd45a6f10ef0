#include "lib/doc/node.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/doc/duplicate.h"
#include "lib/doc/json_write.h"
#include "lib/doc/yaml_write.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct arena arena;
static struct error err;
static struct buf out = BUF_INIT;

static void
tear_down(void)
{
	buf_release(&out);
	arena_release(&arena);
}

TestSuite(node, .fini = tear_down);

/* A text as Criterion takes it. */
static char *
plain(struct text text)
{
	return arena_copy(&arena, text.data, text.len);
}

/* The keys of a map, or the texts of a list, with blanks between. */
static char *
listed(const struct node *node)
{
	const struct node *child = node->first;

	buf_reset(&out);
	for (; child; child = child->next) {
		if (child != node->first)
			buf_putc(&out, ' ');
		buf_puts(&out,
		    child->key.data ? child->key.data : child->text.data);
	}
	return out.text;
}

static struct node *
map_of(const char *const *keys, size_t count)
{
	struct node *map = node_map(&arena);

	for (size_t i = 0; i < count; i++)
		node_put(&arena, map, keys[i], node_string(&arena, keys[i]));
	return map;
}

Test(node, numbers_carry_the_text_of_their_value)
{
	cr_expect(eq(str, plain(node_int(&arena, INT64_MIN)->text),
	    "-9223372036854775808"));
	cr_expect(eq(str, plain(node_float(&arena, 1e-7)->text), "1e-07"));
	cr_expect(eq(dbl, node_float(&arena, 1e-7)->number, 1e-7));
}

Test(node, no_text_is_a_null)
{
	cr_expect(node_string(&arena, NULL)->type == NODE_NULL);
	cr_expect(node_text(&arena, TEXT_NULL)->type == NODE_NULL);
	cr_expect(node_string(&arena, "")->type == NODE_STRING);
}

Test(node, texts_are_copied_with_their_nuls)
{
	char text[] = "a\0b";
	struct node *node = node_text(&arena, (struct text){ text, 3 });

	text[0] = 'x';
	cr_expect(eq(int, memcmp(node->text.data, "a\0b", 4), 0));
}

Test(node, children_keep_their_order_and_know_their_parent)
{
	const char *const keys[] = { "b", "a", "c" };
	struct node *map = map_of(keys, COUNT(keys));

	cr_expect(eq(str, listed(map), "b a c"));
	cr_expect(eq(sz, map->count, 3));
	cr_expect(map->last == node_get(map, "c"));
	cr_expect(map->first->parent == map);
}

Test(node, replace_keeps_the_place_of_the_key)
{
	const char *const keys[] = { "a", "b", "c" };
	struct node *map = map_of(keys, COUNT(keys)), *old, *child;

	for (size_t i = 0; i < COUNT(keys); i++) {
		old = node_get(map, keys[i]);
		child = node_int(&arena, (int64_t)i);
		node_replace(&arena, map, keys[i], child);
		cr_expect(node_get(map, keys[i]) == child);
		cr_expect(child->parent == map);
		cr_expect(not(old->parent || old->next));
	}
	cr_expect(eq(str, listed(map), "a b c"));
	cr_expect(map->last == node_get(map, "c"));
	cr_expect(eq(sz, map->count, 3));
}

Test(node, replace_adds_a_key_that_is_not_there)
{
	struct node *map = node_map(&arena);

	node_replace(&arena, map, "a", node_null(&arena));
	node_replace(&arena, map, "b", node_null(&arena));
	cr_expect(eq(str, listed(map), "a b"));
	cr_expect(eq(sz, map->count, 2));
}

Test(node, dropping_takes_items_from_the_front)
{
	struct node *list = node_list(&arena);

	node_add(list, node_string(&arena, "a"));
	node_add(list, node_string(&arena, "b"));
	node_drop_first(list);
	cr_expect(eq(str, listed(list), "b"));
	node_drop_first(list);
	cr_expect(eq(sz, list->count, 0));
	cr_expect(not(list->first || list->last));
	node_drop_first(list);
	node_add(list, node_string(&arena, "c"));
	cr_expect(eq(str, listed(list), "c"));
}

Test(node, a_copy_is_whole_and_on_its_own)
{
	const char *const keys[] = { "a", "b" };
	struct node *map = map_of(keys, COUNT(keys)), *list, *copy;

	list = node_list(&arena);
	list->file = "f.yaml";
	list->line = 7;
	list->column = 3;
	node_add(list, map);
	copy = node_copy(&arena, list);
	map->first->text.data = "changed";
	node_drop_first(list);

	cr_assert(eq(sz, copy->count, 1));
	cr_expect(copy->first != map && copy->first->parent == copy);
	cr_expect(eq(str, listed(copy->first), "a b"));
	cr_expect(eq(str, plain(copy->first->first->text), "a"));
	cr_expect(eq(str, plain(text_of(copy->file)), "f.yaml"));
	cr_expect(eq(int, copy->line, 7));
	cr_expect(eq(int, copy->column, 3));
}

Test(node, a_copied_value_leaves_its_key_and_place_behind)
{
	const char *const keys[] = { "a", "b" };
	struct node *map = map_of(keys, COUNT(keys));
	struct node *copy = node_copy(&arena, map->first);

	cr_expect(not(copy->key.data || copy->parent || copy->next));
	cr_expect(node_copy(&arena, NULL)->type == NODE_NULL);
}

Test(node, get_is_exact_and_forgiving)
{
	const char *const keys[] = { "a", "ab" };
	struct node *map = map_of(keys, COUNT(keys));

	cr_expect(node_get(map, "ab") == map->last);
	cr_expect(node_get(map, "abc") == NULL);
	cr_expect(node_get(NULL, "a") == NULL);
	cr_expect(node_get(map->first, "a") == NULL);
	cr_expect(node_get_text(map, (struct text){ "ab\0", 3 }) == NULL);
}

Test(node, find_takes_null_for_nothing)
{
	struct node *map = node_map(&arena);

	node_put(&arena, map, "a", node_null(&arena));
	node_put(&arena, map, "b", node_bool(&arena, false));
	cr_expect(node_get(map, "a") && !node_find(map, "a"));
	cr_expect(node_find(map, "b") == map->last);
}

/* Keys key0, key1, … of which the second at `later` repeats. */
static struct node *
many_keys(int count, int earlier, int later)
{
	struct node *map = node_map(&arena);

	for (int i = 0; i < count; i++)
		node_put(&arena, map,
		    arena_printf(&arena, "key%d", i == later ? earlier : i),
		    node_null(&arena));
	return map;
}

static const struct node *
child_at(const struct node *map, int position)
{
	const struct node *child = map->first;

	for (; position > 0; position--)
		child = child->next;
	return child;
}

Test(node, the_first_repeated_key_is_found)
{
	static const struct {
		int count, earlier, later;
	} rows[] = { { 2, 0, 1 }, { 16, 3, 15 }, { 17, 0, 16 }, { 17, 15, 16 },
		{ 500, 7, 300 }, { 500, 498, 499 } };
	const struct node *earlier, *later, *map;

	for (size_t i = 0; i < COUNT(rows); i++) {
		map = many_keys(rows[i].count, rows[i].earlier, rows[i].later);
		later = duplicate_find(map, &earlier);
		cr_expect(later == child_at(map, rows[i].later));
		cr_expect(earlier == child_at(map, rows[i].earlier));
	}
}

Test(node, the_repeated_key_that_comes_first_wins)
{
	const char *const few[] = { "z", "a", "z", "a" };
	struct node *map = map_of(few, COUNT(few));
	const struct node *earlier;

	cr_expect(duplicate_find(map, &earlier) == child_at(map, 2));
	for (int i = 0; i < 100; i++)
		node_put(&arena, map, arena_printf(&arena, "%d", i),
		    node_null(&arena));
	cr_expect(duplicate_find(map, &earlier) == child_at(map, 2));
	cr_expect(earlier == map->first);
}

Test(node, different_keys_are_no_duplicates)
{
	const struct node *earlier;

	cr_expect(duplicate_find(node_map(&arena), &earlier) == NULL);
	cr_expect(duplicate_find(many_keys(16, 0, -1), &earlier) == NULL);
	cr_expect(duplicate_find(many_keys(1000, 0, -1), &earlier) == NULL);
}

/* stages[1].metadata.usage of a file. */
static struct node *
deep_node(void)
{
	struct node *root = node_map(&arena), *list = node_list(&arena);
	struct node *stage = node_map(&arena), *metadata = node_map(&arena);
	struct node *usage = node_string(&arena, "many");

	node_put(&arena, root, "stages", list);
	node_add(list, node_null(&arena));
	node_add(list, stage);
	node_put(&arena, stage, "metadata", metadata);
	node_put(&arena, metadata, "usage", usage);
	usage->file = "run.json";
	usage->line = 12;
	usage->column = 5;
	return usage;
}

Test(node, an_error_names_place_path_and_reason)
{
	cr_expect(eq(int, node_error(&err, deep_node(), "bad %s", "x"), -1));
	cr_expect(err.kind == ERROR_DATA);
	cr_expect(eq(str, err.text,
	    "run.json:12:5: stages[1].metadata.usage: bad x"));
}

Test(node, an_error_leaves_out_what_is_not_known)
{
	struct node *node = deep_node();

	node->file = NULL;
	node_error(&err, node, "bad");
	cr_expect(eq(str, err.text, "stages[1].metadata.usage: bad"));
	node = node_copy(&arena, node);
	node_error(&err, node, "bad");
	cr_expect(eq(str, err.text, "bad"));
	node->file = "f";
	node->line = node->column = 1;
	node_error(&err, node, "bad");
	cr_expect(eq(str, err.text, "f:1:1: bad"));
}

Test(node, an_error_shows_hostile_names_harmlessly)
{
	struct node *map = node_map(&arena), *child = node_null(&arena);

	node_put(&arena, map, "\033[2J", child);
	child->file = "a\nb";
	child->line = child->column = 1;
	node_error(&err, child, "bad");
	cr_expect(eq(str, err.text, "a\\x0ab:1:1: \\x1b[2J: bad"));
}

Test(node, an_error_keeps_its_reason_behind_a_long_path)
{
	struct node *node = node_null(&arena), *map;
	char key[101];

	memset(key, 'k', sizeof(key) - 1);
	key[100] = '\0';
	for (int i = 0; i < NODE_MAX_DEPTH; i++) {
		map = node_map(&arena);
		node_put(&arena, map, key, node);
		if (i < NODE_MAX_DEPTH - 1)
			node = map;
	}
	while (node->first)
		node = node->first;
	node_error(&err, node, "the reason");
	cr_expect(eq(int, strncmp(err.text, "...", 3), 0));
	cr_expect(eq(str, err.text + strlen(err.text) - 10, "the reason"));
}

Test(node, an_amount_is_written_in_full_in_both_formats)
{
	static const char *const amounts[] = { "0", "3", "0.0132",
		"0.000000000000001", "922337203.685477580712345" };
	struct money money;

	for (size_t i = 0; i < COUNT(amounts); i++) {
		struct node *list = node_list(&arena);
		char *wanted = arena_printf(&arena, "[%s]\n- %s\n", amounts[i],
		    amounts[i]);

		cr_assert(zero(int,
		    (int)money_parse(&money, amounts[i], strlen(amounts[i]))));
		node_add(list, node_amount(&arena, money));
		buf_reset(&out);
		json_write_line(&out, list);
		buf_putc(&out, '\n');
		yaml_write(&out, list);
		cr_expect(eq(str, out.text, wanted));
	}
}

Test(node, values_are_described_for_people)
{
	buf_reset(&out);
	node_describe(&out, NULL);
	buf_putc(&out, '|');
	node_describe(&out, node_null(&arena));
	buf_putc(&out, '|');
	node_describe(&out, node_bool(&arena, true));
	buf_putc(&out, '|');
	node_describe(&out, node_int(&arena, -3));
	buf_putc(&out, '|');
	node_describe(&out, node_string(&arena, "a\tb"));
	buf_putc(&out, '|');
	node_describe(&out, node_list(&arena));
	buf_putc(&out, '|');
	node_describe(&out, node_map(&arena));
	cr_expect(eq(str, out.text,
	    "null|null|true|-3|\"a\\x09b\"|a list|a mapping"));
}

Test(node, long_values_are_cut_in_messages)
{
	char text[500];

	memset(text, 'x', sizeof(text));
	node_describe(&out,
	    node_text(&arena, (struct text){ text, sizeof(text) }));
	cr_expect(out.len < 80);
	cr_expect(eq(str, out.text + out.len - 4, "...\""));
}
