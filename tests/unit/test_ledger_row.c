#include "lib/store/ledger_row.h"

#include "lib/core/usage.h"
#include "tests/unit/scratch.h"

static struct error err;

/* A record in which every field is set. */
static struct usage
full(void)
{
	static const struct text names[] = { { "plain", 5 }, { "a,b", 3 },
		{ "\"q\"", 3 }, { " blank ", 7 }, { "=cmd()", 6 },
		{ "<b>&", 4 },
		{ "\xE2\x80\xAE"
		  "x",
		    4 },
		{ "\"", 1 }, { ",", 1 } };
	struct usage usage = { .id = TEXT("i,d"),
		.at = { INT64_C(1795334400123456) },
		.attempt = 2,
		.calls = 0,
		.input_tokens = 1,
		.output_tokens = INT64_C(4611686018427387903),
		.cache_read_tokens = 3,
		.cache_write_tokens = 4,
		.cache_write_1h_tokens = 5,
		.reasoning_tokens = 6,
		.is_estimated = true,
		.has_amount = true,
		.amount = { 1500000000000001 },
		.unit = TEXT("seconds"),
		.cost_usd = { 13200000000000 },
		.estimated_usd = { 13200000000000 },
		.cost_status = USAGE_COST_ESTIMATED,
		.source = TEXT("record"),
		.metadata = TEXT("{\"a\":\"x,\\\"y\"}") };

	for (size_t i = 0; i < USAGE_DIMENSION_COUNT; i++)
		usage.dimension[i] = names[i % SCRATCH_COUNT(names)];
	usage.dimension[USAGE_RESOURCE] = TEXT("llm");
	usage.dimension[USAGE_STATUS] = TEXT("quota");
	return usage;
}

static void
expect_same(const struct usage *a, const struct usage *b)
{
	cr_expect(text_equal(a->id, b->id));
	cr_expect(a->at.micros == b->at.micros);
	for (size_t i = 0; i < USAGE_DIMENSION_COUNT; i++)
		cr_expect(text_equal(a->dimension[i], b->dimension[i]), "%s",
		    usage_dimension_names[i]);
	cr_expect(a->attempt == b->attempt && a->calls == b->calls);
	cr_expect(a->input_tokens == b->input_tokens);
	cr_expect(a->output_tokens == b->output_tokens);
	cr_expect(a->cache_read_tokens == b->cache_read_tokens);
	cr_expect(a->cache_write_tokens == b->cache_write_tokens);
	cr_expect(a->cache_write_1h_tokens == b->cache_write_1h_tokens);
	cr_expect(a->reasoning_tokens == b->reasoning_tokens);
	cr_expect(a->is_estimated == b->is_estimated);
	cr_expect(a->has_amount == b->has_amount);
	cr_expect(money_compare(a->amount, b->amount) == 0);
	cr_expect(text_equal(a->unit, b->unit));
	cr_expect(money_compare(a->cost_usd, b->cost_usd) == 0);
	cr_expect(money_compare(a->estimated_usd, b->estimated_usd) == 0);
	cr_expect(a->cost_status == b->cost_status);
	cr_expect(text_equal(a->source, b->source));
	cr_expect(text_equal(a->metadata, b->metadata));
}

/* The row without its newline. */
static struct text
row_of(struct buf *out, const struct usage *usage)
{
	buf_reset(out);
	ledger_row_write(out, usage, &ledger_row_own);
	return (struct text){ out->text, out->len - 1 };
}

Test(ledger_row, is_written_in_one_form)
{
	struct usage usage = { .id = TEXT("a"),
		.at = { INT64_C(1795334400000000) },
		.attempt = 1,
		.cost_status = USAGE_COST_FREE,
		.source = TEXT("exec") };
	struct buf row = BUF_INIT;

	usage.dimension[USAGE_RESOURCE] = TEXT("cpu");
	usage.dimension[USAGE_STATUS] = TEXT("ok");
	row_of(&row, &usage);
	SCRATCH_SAME(row.text,
	    "a,2026-11-22T08:00:00Z,cpu,,,,,,,,,,,,,,,,,,ok,1,0,,,,,,,"
	    "reported,,,,free,exec,{}\n");
	usage = full();
	row_of(&row, &usage);
	cr_expect(strncmp(row.text,
		      "\"i,d\",2026-11-22T08:00:00.123456Z,llm, blank ,",
		      46) == 0,
	    "%s", row.text);
	cr_expect(strstr(row.text,
		      ",4611686018427387903,3,4,5,6,estimated,"
		      "1.500000000000001,seconds,0.0132,estimated,record,"
		      "\"{\"\"a\"\":\"\"x,\\\"\"y\"\"}\"\n") != NULL,
	    "%s", row.text);
	buf_release(&row);
}

Test(ledger_row, is_read_back_by_both_readers)
{
	struct ledger_row_reader reader;
	struct usage usage = full(), back;
	struct buf row = BUF_INIT;
	struct text line = row_of(&row, &usage);

	ledger_row_start(&reader);
	cr_assert(ledger_row_read(&back, &reader, line, &err) == 0, "%s",
	    err.text);
	cr_expect(not(reader.has_parser));
	expect_same(&usage, &back);
	cr_assert(ledger_row_read_csv(&back, &reader, line, &err) == 0, "%s",
	    err.text);
	expect_same(&usage, &back);
	ledger_row_release(&reader);
	buf_release(&row);
}

/* Every byte of a row changed in many ways: both readers say the same. */
Test(ledger_row, readers_agree_on_every_damage)
{
	static const char bytes[] = "\",\r\n\t {}0x9-\x80\xE2\x7F";
	struct ledger_row_reader reader;
	struct usage usage = full(), own, other;
	struct buf row = BUF_INIT, damaged = BUF_INIT;
	struct text line = row_of(&row, &usage);
	int accepted = 0, refused = 0;

	ledger_row_start(&reader);
	for (size_t i = 0; i <= line.len; i++) {
		for (size_t j = 0; j < sizeof(bytes) * 3; j++) {
			size_t kind = j % 3;
			struct error a = { 0 }, b = { 0 };
			struct text text;
			struct buf kept = BUF_INIT;
			int result;

			buf_reset(&damaged);
			buf_add(&damaged, line.data, i);
			if (kind != 2)
				buf_putc(&damaged, bytes[j / 3]);
			if (kind != 0 && i < line.len)
				buf_add(&damaged, line.data + i + 1,
				    line.len - i - 1);
			else
				buf_add(&damaged, line.data + i, line.len - i);
			text = (struct text){ damaged.text, damaged.len };
			result = ledger_row_read(&own, &reader, text, &a);
			/* The texts are the reader's: keep the row. */
			if (result == 0)
				ledger_row_write(&kept, &own, &ledger_row_own);
			cr_assert(eq(int,
				      ledger_row_read_csv(&other, &reader, text,
					  &b),
				      result),
			    "%s", damaged.text);
			SCRATCH_SAME(a.text, b.text);
			if (result == 0) {
				row_of(&damaged, &other);
				SCRATCH_SAME(kept.text, damaged.text);
			}
			accepted += result == 0;
			refused += result < 0;
			buf_release(&kept);
		}
	}
	cr_expect(accepted > 100 && refused > 100, "%d %d", accepted, refused);
	ledger_row_release(&reader);
	buf_release(&row);
	buf_release(&damaged);
}

#define REST ",,,,,,,,,,,,,,,,,"

Test(ledger_row, says_what_is_wrong)
{
	static const struct {
		const char *row, *reason;
	} cases[] = {
		{ "", "is an empty line" },
		{ "a,b", "has 2 cells where the header has 36" },
		{ "\"a", "is not valid CSV" },
		{ "a\tb", "holds a control character" },
		{ "a\xC2\x85"
		  "b",
		    "holds a control character" },
		{ "a\xFF", "is not valid UTF-8" },
		{ "a,now,llm" REST ",ok,1,1,,,,,,,reported,,,,unknown,r,{}",
		    "at: expected a time such as 2026-11-22T08:00:00Z" },
		{ ",2026-11-22T08:00:00Z,llm" REST
		  ",ok,1,1,,,,,,,reported,,,,unknown,r,{}",
		    "id: is empty" },
		{ "a,2026-11-22T08:00:00Z,llm" REST
		  ",ok,1,,,,,,,,reported,,,,unknown,r,{}",
		    "calls: expected a whole number" },
		{ "a,2026-11-22T08:00:00Z,llm" REST
		  ",ok,1,1,-3,,,,,,reported,,,,unknown,r,{}",
		    "input_tokens: expected a whole number" },
		{ "a,2026-11-22T08:00:00Z,llm" REST
		  ",fine,1,1,,,,,,,reported,,,,unknown,r,{}",
		    "status: is none of ok, error, retry, rate_limited and "
		    "quota" },
		{ "a,2026-11-22T08:00:00Z,llm" REST
		  ",ok,0,1,,,,,,,reported,,,,unknown,r,{}",
		    "attempt: is below 1" },
		{ "a,2026-11-22T08:00:00Z,llm" REST
		  ",ok,1,1,,,,,,7,reported,,,,unknown,r,{}",
		    "reasoning_tokens: is more than the output_tokens that "
		    "it is a part of" },
		{ "a,2026-11-22T08:00:00Z,llm" REST
		  ",ok,1,1,9223372036854775807,1,,,,,reported,,,,unknown,r,{}",
		    "the total of the tokens does not fit in 64 bits" },
		{ "a,2026-11-22T08:00:00Z,llm" REST
		  ",ok,1,1,,,,,,,maybe,,,,unknown,r,{}",
		    "count_status: expected reported or estimated" },
		{ "a,2026-11-22T08:00:00Z,llm" REST
		  ",ok,1,1,,,,,,,reported,1,,,unknown,r,{}",
		    "amount: needs a unit" },
		{ "a,2026-11-22T08:00:00Z,llm" REST
		  ",ok,1,1,,,,,,,reported,,,1,unknown,r,{}",
		    "cost_usd: does not go with the cost_status" },
		{ "a,2026-11-22T08:00:00Z,llm" REST
		  ",ok,1,1,,,,,,,reported,,,,known,r,{}",
		    "cost_usd: does not go with the cost_status" },
		{ "a,2026-11-22T08:00:00Z,llm" REST
		  ",ok,1,1,,,,,,,reported,,,-1,known,r,{}",
		    "cost_usd: expected a decimal number from 0 on" },
		{ "a,2026-11-22T08:00:00Z,llm" REST
		  ",ok,1,1,,,,,,,reported,,,,unknown,r,{",
		    "metadata: expected a JSON object" },
	};
	struct ledger_row_reader reader;
	struct usage usage;

	ledger_row_start(&reader);
	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++)
		scratch_expect(ledger_row_read(&usage, &reader,
				   text_of(cases[i].row), &err),
		    &err, ERROR_DATA, cases[i].reason);
	ledger_row_release(&reader);
}

Test(ledger_row, name_of_1024_bytes_is_the_longest)
{
	struct ledger_row_reader reader;
	struct usage usage = full(), back;
	struct buf row = BUF_INIT, name = BUF_INIT;

	ledger_row_start(&reader);
	buf_fill(&name, 'x', 1025);
	usage.dimension[USAGE_TASK] = (struct text){ name.text, 1024 };
	cr_expect(
	    ledger_row_read(&back, &reader, row_of(&row, &usage), &err) == 0);
	usage.dimension[USAGE_TASK].len++;
	scratch_expect(ledger_row_read(&back, &reader, row_of(&row, &usage),
			   &err),
	    &err, ERROR_DATA, "task: is longer than 1024 bytes");
	ledger_row_release(&reader);
	buf_release(&row);
	buf_release(&name);
}

Test(ledger_row, header_is_read_by_name)
{
	struct ledger_row_reader reader;
	struct usage usage = full(), back;
	struct buf header = BUF_INIT, row = BUF_INIT;
	struct text line;

	ledger_row_start(&reader);
	ledger_row_write_header(&header);
	line = (struct text){ header.text, header.len - 1 };
	cr_assert(ledger_row_read_header(&reader, line, &err) == 0);
	cr_expect(reader.layout.is_own);
	/* Two columns change places, and there is one more. */
	memcpy(strstr(header.text, "task,workstream"), "workstream,task", 15);
	buf_truncate(&header, header.len - 1);
	buf_puts(&header, ",more");
	line = (struct text){ header.text, header.len };
	cr_assert(ledger_row_read_header(&reader, line, &err) == 0);
	cr_expect(not(reader.layout.is_own));
	cr_expect(eq(sz, reader.layout.width, 37));
	ledger_row_write(&row, &usage, &reader.layout);
	cr_assert(ledger_row_read(&back, &reader,
		      (struct text){ row.text, row.len - 1 }, &err) == 0,
	    "%s", err.text);
	expect_same(&usage, &back);
	buf_puts(&header, ",id");
	line = (struct text){ header.text, header.len };
	scratch_expect(ledger_row_read_header(&reader, line, &err), &err,
	    ERROR_DATA, "has the column id twice");
	line.len -= 60;
	scratch_expect(ledger_row_read_header(&reader, line, &err), &err,
	    ERROR_DATA, "lacks the column count_status");
	ledger_row_release(&reader);
	buf_release(&header);
	buf_release(&row);
}
