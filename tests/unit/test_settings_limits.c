#include "lib/store/settings.h"

#include "lib/core/limits.h"
#include "tests/unit/scratch.h"

static struct scratch s;
static struct limit *limits;
static size_t count;

static void
begin(void)
{
	scratch_begin(&s);
}

static void
end(void)
{
	scratch_end(&s);
}

TestSuite(settings_limits, .init = begin, .fini = end);

static int
read_them(void)
{
	return settings_limits(&limits, &count, &s.arena, s.path, &s.err);
}

Test(settings_limits, are_none_where_nothing_sets_them)
{
	static const char *const texts[] = { NULL, "{}", "limits: null\n",
		"limits: []\n", "other: 1\n" };

	for (size_t i = 0; i < SCRATCH_COUNT(texts); i++) {
		if (texts[i])
			scratch_write(&s, "meter.yaml", texts[i]);
		count = 7;
		cr_expect(eq(int, read_them(), 0), "%s: %s", texts[i],
		    s.err.text);
		cr_expect(eq(sz, count, 0));
	}
}

Test(settings_limits, are_read_in_order)
{
	scratch_write(&s, "meter.yaml",
	    "limits:\n- calls<=5\n- 'cost_usd<=120%:warn'\n");
	cr_assert(eq(int, read_them(), 0), "%s", s.err.text);
	cr_assert(eq(sz, count, 2));
	cr_expect(text_is(limits[0].name, "calls"));
	cr_expect(text_is(limits[1].value_text, "120"));
	cr_expect(limits[1].only_warns);
}

/* People may keep one file for several workspaces. */
Test(settings_limits, may_stand_behind_a_link)
{
	scratch_write(&s, "shared.yaml", "limits: [calls<=1]\n");
	cr_assert(symlinkat("shared.yaml", s.dir.fd, "meter.yaml") == 0);
	cr_expect(eq(int, read_them(), 0));
	cr_expect(eq(sz, count, 1));
}

Test(settings_limits, that_are_wrong_are_a_wrong_configuration)
{
	static const struct {
		const char *text, *reason;
	} cases[] = {
		{ "[]", ":1:1: expected a mapping, got a list" },
		{ "limits: calls<=5", ":1:9: limits: expected a list, got "
				      "\"calls<=5\"" },
		{ "limits: [5]", ":1:10: limits[0]: expected a string, got 5" },
		{ "limits: [null]", ":1:10: limits[0]: expected a limit" },
		{ "limits:\n- calls<=5\n- calls>5",
		    ":3:3: limits[1]: limit 'calls>5': expected "
		    "MEASURE<=VALUE" },
		{ "limits: [", NULL },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		scratch_write(&s, "meter.yaml", cases[i].text);
		cr_expect(eq(int, read_them(), -1), "%s", cases[i].text);
		cr_expect(eq(int, (int)s.err.kind, ERROR_CONFIG));
		cr_expect(strncmp(s.err.text, s.path, strlen(s.path)) == 0);
		if (cases[i].reason)
			SCRATCH_SAME(s.err.text + strlen(s.path),
			    arena_printf(&s.arena, "/meter.yaml%s",
				cases[i].reason));
	}
}

Test(settings_limits, in_no_file_are_a_wrong_configuration, .timeout = 10)
{
	cr_assert(mkdirat(s.dir.fd, "meter.yaml", 0700) == 0);
	cr_expect(eq(int, read_them(), -1));
	cr_expect(eq(int, (int)s.err.kind, ERROR_CONFIG));
}

/* A pipe, that nobody writes to, must not make meter wait. */
Test(settings_limits, do_not_wait_for_a_pipe, .timeout = 5)
{
	cr_assert(mkfifoat(s.dir.fd, "meter.yaml", 0600) == 0);
	cr_expect(eq(int, read_them(), -1));
	cr_expect(eq(int, (int)s.err.kind, ERROR_CONFIG));
}
