#include "lib/base/filename.h"

#include "tests/unit/scratch.h"

static struct arena arena = ARENA_INIT;

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(filename, .fini = release);

static const char *
encode(struct text text)
{
	struct buf out = BUF_INIT;
	const char *name;

	buf_puts(&out, "dir/");
	filename_encode(&out, text);
	cr_assert(memcmp(out.text, "dir/", 4) == 0);
	name = arena_copy(&arena, out.text + 4, out.len - 4);
	buf_release(&out);
	return name;
}

/* The ids of reliability.md 5, row 21, and others that mean something to a
 * file system, a shell or a web server. */
Test(filename, has_no_path_of_any_id)
{
	const struct {
		struct text text;
		const char *expected;
	} cases[] = {
		{ TEXT("q-ri"), "q-ri" },
		{ TEXT("A_z.09"), "A_z.09" },
		{ TEXT("../x"), "%2E.%2Fx" },
		{ TEXT("/etc/x"), "%2Fetc%2Fx" },
		{ TEXT("."), "%2E" },
		{ TEXT(".."), "%2E." },
		{ TEXT("a/../b"), "a%2F..%2Fb" },
		{ TEXT("%2e%2e"), "%252e%252e" },
		{ TEXT("a\0b"), "a%00b" },
		{ TEXT("\0"), "%00" },
		{ TEXT(".lock"), "%2Elock" },
		{ TEXT("a.json"), "a.json" },
		{ TEXT(""), "%2D" },
		{ TEXT("-"), "-" },
		{ TEXT("a b:c*?\\~"), "a%20b%3Ac%2A%3F%5C%7E" },
		{ TEXT("\xc3\xa9"), "%C3%A9" },
		{ TEXT("\xff\n"), "%FF%0A" },
		{ TEXT("<script>"), "%3Cscript%3E" },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++)
		SCRATCH_SAME(encode(cases[i].text), cases[i].expected);
}

/* Every byte, alone and behind another: the same alphabet, all different. */
Test(filename, tells_all_bytes_apart)
{
	const char *names[512];
	char text[2] = "x";
	size_t count = 0;

	for (int c = 0; c < 256; c++) {
		text[1] = (char)c;
		names[count++] = encode((struct text){ text, 2 });
		names[count++] = encode((struct text){ text + 1, 1 });
	}
	for (size_t i = 0; i < count; i++) {
		cr_expect(eq(sz,
		    strspn(names[i], "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz"
				     "0123456789._-%"),
		    strlen(names[i])));
		cr_expect(names[i][0] != '.');
		for (size_t j = 0; j < i; j++)
			cr_expect(strcmp(names[i], names[j]) != 0, "%s",
			    names[i]);
	}
}

Test(filename, cuts_a_long_name_with_a_hash)
{
	char text[300];
	const char *name, *other;

	memset(text, 'x', sizeof(text));
	SCRATCH_SAME(encode((struct text){ text, 120 }),
	    arena_copy(&arena, text, 120));
	name = encode((struct text){ text, 121 });
	SCRATCH_SAME(name, arena_printf(&arena, "%.85s%%2D%s", text,
			       "79072a47bfaa54e6057a9ee21e0dea64"));
	other = encode((struct text){ text, 300 });
	cr_expect(eq(sz, strlen(other), 120));
	cr_expect(strcmp(name, other) != 0);
	/* What such a name stands for has another name. */
	cr_expect(strcmp(encode(text_of(name)), name) != 0);
}

/* A byte's %XX is not torn apart, wherever the cut comes. */
Test(filename, cuts_between_bytes)
{
	char text[200];
	const char *name;

	for (size_t plain = 0; plain < 4; plain++) {
		memset(text, '/', sizeof(text));
		memset(text, 'x', plain);
		name = encode((struct text){ text, sizeof(text) });
		cr_expect(strlen(name) <= FILENAME_MAX_BYTES);
		name += plain;
		while (strncmp(name, "%2F", 3) == 0)
			name += 3;
		cr_expect(strncmp(name, "%2D", 3) == 0, "%s", name);
		cr_expect(eq(sz, strlen(name), 35));
	}
}
