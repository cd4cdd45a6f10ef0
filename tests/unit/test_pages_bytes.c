#include "lib/store/pages_bytes.h"

#include "tests/unit/scratch.h"

static struct buf out = BUF_INIT;

static void
release(void)
{
	buf_release(&out);
}

TestSuite(pages_bytes, .fini = release);

static struct text
written(void)
{
	return (struct text){ out.text, out.len };
}

Test(pages_bytes, takes_back_what_it_put)
{
	const uint64_t counts[] = { 0, 1, 127, 128, 16383, 16384, INT64_MAX,
		UINT64_MAX };
	const struct money amounts[] = { { 0 }, { 1 }, { -1 }, { 63 }, { -64 },
		{ 64 }, MONEY_MAX, { -MONEY_MAX.femto - 1 } };
	const struct text texts[] = { TEXT_NULL, TEXT(""), TEXT("a\0b"),
		TEXT("\xff") };
	struct text rest, text;
	struct money money;
	uint64_t count;

	for (size_t i = 0; i < SCRATCH_COUNT(counts); i++)
		pages_bytes_put(&out, counts[i]);
	for (size_t i = 0; i < SCRATCH_COUNT(amounts); i++)
		pages_bytes_put_money(&out, amounts[i]);
	pages_bytes_put_texts(&out, texts, SCRATCH_COUNT(texts));
	rest = written();
	for (size_t i = 0; i < SCRATCH_COUNT(counts); i++) {
		cr_assert(pages_bytes_take(&count, &rest));
		cr_expect(eq(u64, count, counts[i]));
	}
	for (size_t i = 0; i < SCRATCH_COUNT(amounts); i++) {
		cr_assert(pages_bytes_take_money(&money, &rest));
		cr_expect(money.femto == amounts[i].femto, "%zu", i);
	}
	for (size_t i = 0; i < SCRATCH_COUNT(texts); i++) {
		cr_assert(pages_bytes_take_texts(&text, 1, &rest));
		cr_expect(text_equal(text, texts[i]), "%zu", i);
	}
	cr_expect(eq(sz, rest.len, 0));
}

Test(pages_bytes, keeps_what_is_small_small)
{
	const struct text text = TEXT("abc");

	pages_bytes_put(&out, 127);
	cr_expect(eq(sz, out.len, 1));
	pages_bytes_put_money(&out, (struct money){ -64 });
	cr_expect(eq(sz, out.len, 2));
	pages_bytes_put_texts(&out, &text, 1);
	cr_expect(eq(sz, out.len, 6));
}

/* Whatever is cut off or too large is refused, and nothing is read beyond. */
Test(pages_bytes, refuses_what_is_no_whole_one)
{
	const struct text endless = TEXT("\x80\x80\x80\x80\x80\x80\x80\x80\x80"
					 "\x80\x80\x80\x80\x80\x80\x80\x80\x80"
					 "\x80\x80\x80\x80\x01");
	const struct text text = TEXT("abc");
	struct text rest, taken;
	struct money money;
	uint64_t count;

	rest = TEXT("");
	cr_expect(not(pages_bytes_take(&count, &rest)));
	rest = TEXT("\x80");
	cr_expect(not(pages_bytes_take(&count, &rest)));
	rest = endless;
	cr_expect(not(pages_bytes_take(&count, &rest)));
	rest = endless;
	cr_expect(not(pages_bytes_take_money(&money, &rest)));
	rest = TEXT("\x08");
	cr_expect(not(pages_bytes_take_up_to(&count, 7, &rest)));
	pages_bytes_put_money(&out, MONEY_MAX);
	rest = written();
	cr_expect(not(pages_bytes_take(&count, &rest)));
	buf_reset(&out);
	pages_bytes_put_texts(&out, &text, 1);
	for (size_t len = 0; len < out.len; len++) {
		rest = (struct text){ out.text, len };
		cr_expect(not(pages_bytes_take_texts(&taken, 1, &rest)));
	}
}
