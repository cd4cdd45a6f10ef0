#include "lib/render/page_markdown.h"

#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/utf8.h"
#include "lib/render/markdown.h"
#include "lib/render/page.h"

enum {
	BAR = 16, /* characters of the longest bar */
	EIGHTHS = 8,
	ROWS_MOST = 31, /* of a table that is folded elsewhere */
};

static const char *const eighths[EIGHTHS + 1] = { "", "\xe2\x96\x8f",
	"\xe2\x96\x8e", "\xe2\x96\x8d", "\xe2\x96\x8c", "\xe2\x96\x8b",
	"\xe2\x96\x8a", "\xe2\x96\x89", "\xe2\x96\x88" };

/* The same, standing. */
static const char *const levels[EIGHTHS + 1] = { "\xe2\x96\x81", "\xe2\x96\x81",
	"\xe2\x96\x82", "\xe2\x96\x83", "\xe2\x96\x84", "\xe2\x96\x85",
	"\xe2\x96\x86", "\xe2\x96\x87", "\xe2\x96\x88" };

/* A bar of a share, 0 to 1; what is not nothing is seen. */
static struct text
draw_bar(struct arena *arena, double share)
{
	int parts = (int)(share * BAR * EIGHTHS + 0.5);
	struct buf bar = BUF_INIT;

	if (share > 0 && parts == 0)
		parts = 1;
	for (; parts >= EIGHTHS; parts -= EIGHTHS)
		buf_puts(&bar, eighths[EIGHTHS]);
	buf_puts(&bar, eighths[parts]);
	return buf_keep(&bar, arena);
}

static void
put_paragraph(struct buf *out, struct text text)
{
	markdown_escape(out, text);
	buf_puts(out, "\n\n");
}

/* A span of code holds any text, between more backquotes than it has. */
static void
put_code(struct buf *out, struct text text)
{
	struct buf clean = BUF_INIT;
	size_t run = 0, longest = 0;

	utf8_escape(&clean, text.data, text.len, UTF8_PRINTABLE, 0);
	for (size_t i = 0; i < clean.len; i++) {
		run = clean.text[i] == '`' ? run + 1 : 0;
		if (run > longest)
			longest = run;
	}
	buf_fill(out, '`', longest + 1);
	if (longest > 0)
		buf_putc(out, ' ');
	buf_add(out, clean.text, clean.len);
	if (longest > 0)
		buf_putc(out, ' ');
	buf_fill(out, '`', longest + 1);
	buf_release(&clean);
}

static void
copy_cell(struct table *table, const struct table_cell *cell)
{
	if (cell->is_null)
		table_null(table);
	else if (cell->type == TABLE_TEXT)
		table_text(table, cell->text);
	else if (cell->type == TABLE_COUNT)
		table_count(table, cell->count);
	else if (cell->type == TABLE_MONEY)
		table_money(table, cell->money);
	else
		table_number(table, cell->number);
}

/* The columns, with one for bars behind the first. */
static void
begin_table(struct table *out, const struct page_table *shown)
{
	const struct table *table = &shown->table;
	struct table_column *columns;
	size_t bar = shown->shares != NULL;

	columns = arena_array(table->arena, table->column_count + 1,
	    sizeof(*columns));
	columns[0] = table->columns[0];
	columns[1] = (struct table_column){ "", TABLE_TEXT };
	for (size_t i = 1; i < table->column_count; i++)
		columns[i + bar] = table->columns[i];
	table_init(out, table->arena, columns, table->column_count + bar);
	out->notes = table->notes;
}

/* What a column's first rows come to; null where they are no money. */
static void
add_sum(struct table *out, const struct table_row *row, size_t column,
    size_t rows)
{
	struct money sum = MONEY_ZERO;
	bool fits = true;

	for (size_t i = 0; i < rows && fits; i++, row = row->next)
		fits = !row->cells[column].is_null &&
		       row->cells[column].type == TABLE_MONEY &&
		       money_add(&sum, sum, row->cells[column].money) == 0;
	if (fits)
		table_money(out, sum);
	else
		table_null(out);
}

/* A row for the first of very many. */
static void
add_earlier(struct table *out, const struct page_table *shown, size_t rows)
{
	const struct table *table = &shown->table;

	table_row(out);
	table_string(out, arena_printf(out->arena, "%zu earlier ones", rows));
	if (shown->shares)
		table_null(out);
	for (size_t i = 1; i < table->column_count; i++)
		add_sum(out, table->rows, i, rows);
}

static void
put_table(struct buf *out, const struct page_table *shown, bool has_caption)
{
	const struct table_row *row = shown->table.rows;
	size_t rows = shown->table.row_count, first = 0;
	struct table table;

	begin_table(&table, shown);
	if (shown->is_folded && rows > ROWS_MOST) {
		first = rows - ROWS_MOST;
		add_earlier(&table, shown, first);
	}
	for (size_t i = 0; row; i++, row = row->next) {
		if (i < first)
			continue;
		table_row(&table);
		copy_cell(&table, &row->cells[0]);
		if (shown->shares && i < shown->share_count)
			table_text(&table,
			    draw_bar(table.arena, shown->shares[i]));
		else if (shown->shares)
			table_string(&table, "");
		for (size_t j = 1; j < shown->table.column_count; j++)
			copy_cell(&table, &row->cells[j]);
	}
	if (has_caption && rows > 0) {
		buf_puts(out, "### ");
		put_paragraph(out, text_of(shown->caption));
	}
	markdown_table(out, &table);
	buf_putc(out, '\n');
}

static void
put_figures(struct buf *out, struct arena *arena,
    const struct page_block *block)
{
	static const struct table_column columns[] = { { "Figure", TABLE_TEXT },
		{ "Value", TABLE_COUNT }, { "", TABLE_TEXT } };
	const struct page_figure *figure;
	struct table table;

	table_init(&table, arena, columns, 3);
	for (figure = block->figures; figure; figure = figure->next) {
		table_row(&table);
		table_string(&table, figure->label);
		table_text(&table, figure->value);
		table_text(&table, figure->note.data ? figure->note : TEXT(""));
	}
	markdown_table(out, &table);
	buf_putc(out, '\n');
}

/* A standing bar a place, a dot where there is nothing. */
static struct text
draw_line(struct arena *arena, const double *sizes, size_t count, double top)
{
	struct buf line = BUF_INIT;
	int level;

	for (size_t i = 0; i < count; i++) {
		level = top > 0 ? (int)(sizes[i] / top * EIGHTHS + 0.5) : 0;
		buf_puts(&line, sizes[i] < 0 ? "\xc2\xb7" : levels[level]);
	}
	return buf_keep(&line, arena);
}

static void
put_lines(struct buf *out, struct arena *arena, const struct page_block *block)
{
	static const struct table_column columns[] = { { "Scope", TABLE_TEXT },
		{ "Allocated", TABLE_TEXT }, { "Used", TABLE_TEXT },
		{ "Together", TABLE_TEXT } };
	const struct chart_lines *line;
	struct table table;
	double top, other;

	table_init(&table, arena, columns, 4);
	for (size_t i = 0; i < block->line_count; i++) {
		line = &block->lines[i];
		top = chart_largest(line->used, line->place_count);
		other = chart_largest(line->allowed, line->place_count);
		if (other > top)
			top = other;
		table_row(&table);
		table_text(&table, line->name);
		table_text(&table,
		    draw_line(arena, line->allowed, line->place_count, top));
		table_text(&table,
		    draw_line(arena, line->used, line->place_count, top));
		table_text(&table, line->summary);
	}
	markdown_table(out, &table);
	buf_putc(out, '\n');
}

static void
add_cell(struct table *table, const struct chart_cell *cell)
{
	struct buf label = BUF_INIT;

	if (!cell->is_allowed) {
		table_string(table, "\xc2\xb7");
		return;
	}
	if (cell->is_alert)
		buf_puts(&label, "\xe2\x9a\xa0 ");
	chart_label(&label, cell);
	table_text(table, buf_keep(&label, table->arena));
}

static void
put_grid(struct buf *out, struct arena *arena, const struct chart_grid *grid)
{
	struct table_column *columns;
	struct table table;
	struct text day;

	columns = arena_array(arena, grid->column_count + 1, sizeof(*columns));
	columns[0] = (struct table_column){ "Scope", TABLE_TEXT };
	for (size_t i = 0; i < grid->column_count; i++) {
		day = grid->columns[i];
		columns[i + 1] = (struct table_column){
			day.len > 5 ? day.data + 5 : day.data, TABLE_COUNT
		};
	}
	table_init(&table, arena, columns, grid->column_count + 1);
	for (size_t i = 0; i < grid->row_count; i++) {
		table_row(&table);
		table_text(&table, grid->rows[i]);
		for (size_t j = 0; j < grid->column_count; j++)
			add_cell(&table,
			    &grid->cells[i * grid->column_count + j]);
	}
	if (grid->left_out > 0)
		table_note(&table,
		    arena_printf(arena, "and %zu more", grid->left_out));
	table_note(&table, "\xe2\x9a\xa0 is an alert, \xc2\xb7 no allocation");
	markdown_table(out, &table);
	buf_putc(out, '\n');
}

static void
put_items(struct buf *out, const struct page_block *block)
{
	const struct page_item *item;
	const struct page_line *line;

	for (item = block->items; item; item = item->next) {
		buf_puts(out, "### ");
		put_paragraph(out, item->heading);
		for (line = item->lines; line; line = line->next) {
			buf_puts(out, "- ");
			if (line->label)
				buf_printf(out, "**%s**: ", line->label);
			if (line->is_code)
				put_code(out, line->text);
			else
				markdown_escape(out, line->text);
			buf_putc(out, '\n');
		}
		buf_putc(out, '\n');
	}
}

/* The text is meter's own. */
static void
put_block_of_code(struct buf *out, struct text text)
{
	buf_puts(out, "```\n");
	buf_add(out, text.data, text.len);
	buf_puts(out, "\n```\n\n");
}

static void
put_block(struct buf *out, const struct page *page,
    const struct page_section *section, const struct page_block *block)
{
	switch (block->kind) {
	case PAGE_TEXT:
		put_paragraph(out, block->text);
		break;
	case PAGE_FIGURES:
		put_figures(out, page->arena, block);
		break;
	case PAGE_TABLE:
		put_table(out, &block->table,
		    block != section->blocks && !block->table.is_folded);
		break;
	case PAGE_STACK:
		/* The table that goes with it has the same figures. */
		break;
	case PAGE_LINES:
		put_lines(out, page->arena, block);
		break;
	case PAGE_GRID:
		put_grid(out, page->arena, &block->grid);
		break;
	case PAGE_ITEMS:
		put_items(out, block);
		break;
	case PAGE_CODE:
		put_block_of_code(out, block->text);
		break;
	}
}

static void
put_command(struct buf *out, const char *command)
{
	if (!command)
		return;
	put_code(out, text_of(command));
	buf_puts(out, "\n\n");
}

static void
put_section(struct buf *out, const struct page *page,
    const struct page_section *section)
{
	const struct page_block *block;

	buf_puts(out, "## ");
	put_paragraph(out, text_of(section->title));
	for (block = section->blocks; block; block = block->next)
		put_block(out, page, section, block);
	put_command(out, section->command);
	for (block = section->blocks; block; block = block->next)
		put_command(out, block->command);
}

void
page_markdown(struct buf *out, const struct page *page)
{
	const struct page_section *section;
	const struct page_line *lead;

	buf_puts(out, "# ");
	put_paragraph(out, text_of(page->title));
	for (lead = page->leads; lead; lead = lead->next) {
		if (lead->label)
			buf_printf(out, "**%s**: ", lead->label);
		put_paragraph(out, lead->text);
	}
	for (section = page->sections; section; section = section->next)
		put_section(out, page, section);
	/* One newline ends the file. */
	buf_truncate(out, out->len - 1);
}
