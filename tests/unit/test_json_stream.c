#include "lib/doc/json_stream.h"

#include "lib/doc/json_write.h"
#include "tests/unit/scratch.h"

static struct arena arena;
static struct error err;

/* All values of a text, a line each, then what is wrong; the text comes in
 * pieces of that size. */
static char *
read_all(const char *text, size_t piece)
{
	struct buf out = BUF_INIT;
	struct json_stream stream;
	struct node *node;
	int fds[2], result;
	pid_t child;
	char *copy;

	cr_assert(pipe(fds) == 0);
	child = fork();
	if (child == 0) {
		size_t len = strlen(text);

		close(fds[0]);
		for (size_t i = 0; i < len; i += piece)
			if (write(fds[1], text + i,
				len - i < piece ? len - i : piece) < 0)
				_exit(1);
		_exit(0);
	}
	close(fds[1]);
	json_stream_start(&stream, fds[0], "in");
	do {
		result = json_stream_next(&node, &stream, &arena, &err);
		if (result == 0 && node) {
			json_write_line(&out, node);
			buf_putc(&out, '\n');
		}
	} while (result == 0 && node);
	if (result < 0)
		buf_puts(&out, err.text);
	json_stream_release(&stream);
	close(fds[0]);
	waitpid(child, NULL, 0);
	copy = arena_copy(&arena, out.text, out.len);
	buf_release(&out);
	return copy;
}

static const struct {
	const char *text, *values;
} cases[] = {
	{ "", "" },
	{ " \n\n", "" },
	{ "[]", "" },
	{ "{}", "{}\n" },
	{ "{\"a\":\"]}\\\"{\"}\n{\"b\":[{}]}{}\n",
	    "{\"a\":\"]}\\\"{\"}\n{\"b\":[{}]}\n{}\n" },
	{ "\xEF\xBB\xBF[\n {\"a\":1} ,\n{\"b\":2}\n]\n",
	    "{\"a\":1}\n{\"b\":2}\n" },
	{ "[{\"a\":1},]", "{\"a\":1}\nin:1:10: invalid JSON: expected an "
			  "object" },
	{ "[{\"a\":1} {}]",
	    "{\"a\":1}\nin:1:10: invalid JSON: expected ',' or ']'" },
	{ "[{\"a\":1}",
	    "{\"a\":1}\nin:1:9: invalid JSON: unexpected end of text" },
	{ "[{}] {}", "{}\nin:1:6: invalid JSON: text behind the value" },
	{ "{},{}", "{}\nin:1:3: invalid JSON: expected an object" },
	{ "12", "in:1:1: invalid JSON: expected an object" },
	{ "{}\n\n  x", "{}\nin:3:3: invalid JSON: expected an object" },
	{ "{}\n {\"a\":tru}",
	    "{}\nin:2:10: invalid JSON: unexpected character" },
	{ "{}\n[{}]", "{}\nin:2:1: invalid JSON: expected an object" },
	{ "{\"a\":", "in:1:6: invalid JSON: unexpected end of text" },
	{ "{\"\xC3\xA9\":1} {\"a\":1,\"a\":2}",
	    "{\"\xC3\xA9\":1}\nin:1:16: a: duplicate key, first in line 1" },
};

Test(json_stream, reads_values_however_they_come)
{
	static const size_t pieces[] = { 1, 2, 3, 7, 1000 };

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		char *whole = read_all(cases[i].text, 1000);

		SCRATCH_SAME(whole, cases[i].values);
		for (size_t j = 0; j < SCRATCH_COUNT(pieces); j++)
			SCRATCH_SAME(read_all(cases[i].text, pieces[j]), whole);
	}
	arena_release(&arena);
}

Test(json_stream, hands_a_value_on_before_the_next_one_comes)
{
	struct json_stream stream;
	struct node *node;
	int fds[2];

	cr_assert(pipe(fds) == 0);
	json_stream_start(&stream, fds[0], "in");
	for (int i = 0; i < 3; i++) {
		cr_assert(write(fds[1], "{\"a\":1}\n", 8) == 8);
		cr_assert(json_stream_next(&node, &stream, &arena, &err) == 0);
		cr_assert(node != NULL);
	}
	json_stream_release(&stream);
	arena_release(&arena);
}
