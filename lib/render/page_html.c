#include "lib/render/page_html.h"

#include "lib/base/buf.h"
#include "lib/base/utf8.h"
#include "lib/render/cell.h"
#include "lib/render/html.h"
#include "lib/render/page.h"
#include "lib/render/page_chart.h"
#include "lib/render/page_style.h"
#include "lib/render/svg.h"
#include "lib/render/svg_grid.h"

enum {
	WIDE_TABLE = 5, /* columns that a telephone has no room for: there a
			 * row's cells are listed, each with what it is */
};

static const char *const tones[] = { "plain", "good", "warn", "bad" };

/* A tooltip that names the command. */
static void
put_title(struct buf *out, const char *command)
{
	if (!command)
		return;
	buf_puts(out, " title=\"");
	html_escape(out, text_of(command));
	buf_putc(out, '"');
}

static void
put_cell(struct buf *out, const struct table_cell *cell)
{
	struct buf clean = BUF_INIT;

	cell_put(&clean, cell, UTF8_PRINTABLE);
	if (!cell->is_null && cell->type == TABLE_TEXT)
		buf_puts(out, "<bdi>");
	html_escape(out, (struct text){ clean.text, clean.len });
	if (!cell->is_null && cell->type == TABLE_TEXT)
		buf_puts(out, "</bdi>");
	buf_release(&clean);
}

static void
put_header(struct buf *out, const struct table *table)
{
	buf_puts(out, "<thead>\n<tr>");
	for (size_t i = 0; i < table->column_count; i++) {
		buf_printf(out, "<th scope=\"col\"%s>",
		    cell_stands_left(&table->columns[i]) ? ""
							 : " class=\"num\"");
		html_escape(out, text_of(table->columns[i].name));
		buf_puts(out, "</th>");
	}
	buf_puts(out, "</tr>\n</thead>\n");
}

/* What a cell is, for where its column's head is not above it. */
static void
put_label(struct buf *out, const struct table *table, size_t column)
{
	if (table->column_count < WIDE_TABLE)
		return;
	buf_puts(out, " data-label=\"");
	html_escape(out, text_of(table->columns[column].name));
	buf_putc(out, '"');
}

static void
put_row(struct buf *out, const struct page_table *shown,
    const struct table_row *row, size_t number)
{
	const struct table *table = &shown->table;
	bool is_total = shown->has_total && number + 1 == table->row_count;

	buf_printf(out, "<tr%s><th scope=\"row\">",
	    is_total ? " class=\"total\"" : "");
	put_cell(out, &row->cells[0]);
	if (number < shown->share_count && !shown->is_folded)
		svg_bar(out, shown->shares[number]);
	buf_puts(out, "</th>");
	for (size_t i = 1; i < table->column_count; i++) {
		buf_puts(out, cell_stands_left(&table->columns[i])
				  ? "<td"
				  : "<td class=\"num\"");
		put_label(out, table, i);
		buf_putc(out, '>');
		put_cell(out, &row->cells[i]);
		buf_puts(out, "</td>");
	}
	buf_puts(out, "</tr>\n");
}

static void
put_notes(struct buf *out, const struct table *table, const char *command)
{
	const struct table_line *note;

	for (note = table->notes; note; note = note->next) {
		buf_puts(out, "<p class=\"note\"");
		put_title(out, command);
		buf_putc(out, '>');
		html_escape(out, note->text);
		buf_puts(out, "</p>\n");
	}
}

/* A wide table moves within its box, by the keyboard too. */
static void
open_table(struct buf *out, const struct page_table *table, const char *command)
{
	if (table->is_folded) {
		buf_puts(out, "<details><summary>");
		html_escape(out, text_of(table->caption));
		buf_puts(out, "</summary>\n");
	}
	buf_puts(out, "<div class=\"scroll\"");
	if (table->table.column_count >= WIDE_TABLE) {
		buf_puts(out, " role=\"group\" tabindex=\"0\" aria-label=\"");
		html_escape(out, text_of(table->caption));
		buf_putc(out, '"');
	}
	buf_puts(out, "><table");
	if (table->table.column_count >= WIDE_TABLE)
		buf_puts(out, " class=\"stacked\"");
	put_title(out, command);
	buf_puts(out, ">\n<caption>");
	html_escape(out, text_of(table->caption));
	buf_puts(out, "</caption>\n");
}

static void
put_table(struct buf *out, const struct page_table *table, const char *command)
{
	const struct table_row *row = table->table.rows;

	if (table->table.row_count > 0) {
		open_table(out, table, command);
		put_header(out, &table->table);
		buf_puts(out, "<tbody>\n");
		for (size_t i = 0; row; i++, row = row->next)
			put_row(out, table, row, i);
		buf_puts(out, "</tbody>\n</table></div>\n");
		if (table->is_folded)
			buf_puts(out, "</details>\n");
	}
	put_notes(out, &table->table, command);
}

static void
put_figures(struct buf *out, const struct page_block *block,
    const char *command)
{
	const struct page_figure *figure;

	buf_puts(out, "<dl class=\"figures\">\n");
	for (figure = block->figures; figure; figure = figure->next) {
		buf_printf(out, "<div class=\"figure %s\"",
		    tones[figure->tone]);
		put_title(out, figure->command ? figure->command : command);
		buf_puts(out, "><dt>");
		html_escape(out, text_of(figure->label));
		buf_puts(out, "</dt><dd>");
		html_escape(out, figure->value);
		buf_puts(out, "</dd>");
		if (figure->note.data) {
			buf_puts(out, "<dd class=\"note\">");
			html_escape(out, figure->note);
			buf_puts(out, "</dd>");
		}
		buf_puts(out, "</div>\n");
	}
	buf_puts(out, "</dl>\n");
}

static void
put_line(struct buf *out, const struct page_line *line)
{
	buf_puts(out, "<p");
	put_title(out, line->command);
	buf_putc(out, '>');
	if (line->label) {
		buf_puts(out, "<span class=\"label\">");
		html_escape(out, text_of(line->label));
		buf_puts(out, "</span> ");
	}
	buf_puts(out, line->is_code ? "<code>" : "<bdi>");
	html_escape(out, line->text);
	buf_puts(out, line->is_code ? "</code></p>\n" : "</bdi></p>\n");
}

static void
put_items(struct buf *out, const struct page_block *block, const char *command)
{
	const struct page_item *item;
	const struct page_line *line;

	buf_puts(out, "<ul class=\"items\">\n");
	for (item = block->items; item; item = item->next) {
		buf_printf(out, "<li class=\"%s\"", tones[item->tone]);
		put_title(out, command);
		buf_puts(out, "><h3><bdi>");
		html_escape(out, item->heading);
		buf_puts(out, "</bdi></h3>\n");
		for (line = item->lines; line; line = line->next)
			put_line(out, line);
		buf_puts(out, "</li>\n");
	}
	buf_puts(out, "</ul>\n");
}

static void
put_text(struct buf *out, const char *before, struct text text,
    const char *after)
{
	buf_puts(out, before);
	html_escape(out, text);
	buf_puts(out, after);
}

/* Lines of code stay lines. */
static void
put_code(struct buf *out, struct text text)
{
	const char *rest = text.data, *end = text.data + text.len, *line;

	buf_puts(out, "<pre><code>");
	for (line = rest; rest <= end; rest++)
		if (rest == end || *rest == '\n') {
			put_text(out, "",
			    (struct text){ line, (size_t)(rest - line) },
			    rest == end ? "" : "\n");
			line = rest + 1;
		}
	buf_puts(out, "</code></pre>\n");
}

static void
put_block(struct buf *out, const struct page_block *block, const char *command)
{
	if (block->command)
		command = block->command;
	switch (block->kind) {
	case PAGE_TEXT:
		buf_puts(out, "<p");
		put_title(out, command);
		put_text(out, ">", block->text, "</p>\n");
		break;
	case PAGE_FIGURES:
		put_figures(out, block, command);
		break;
	case PAGE_TABLE:
		put_table(out, &block->table, command);
		break;
	case PAGE_STACK:
		page_chart_stack(out, &block->stack, command);
		break;
	case PAGE_LINES:
		page_chart_lines(out, block->lines, block->line_count, command);
		break;
	case PAGE_GRID:
		page_chart_grid(out, &block->grid, command);
		break;
	case PAGE_ITEMS:
		put_items(out, block, command);
		break;
	case PAGE_CODE:
		put_code(out, block->text);
		break;
	}
}

static void
put_command(struct buf *out, const char *command)
{
	put_text(out, "<p class=\"cmd\"><code>", text_of(command),
	    "</code></p>\n");
}

static void
put_section(struct buf *out, const struct page_section *section)
{
	const struct page_block *block;

	buf_printf(out,
	    "<section id=\"%s\" class=\"card%s%s\" "
	    "aria-labelledby=\"%s-h\">\n<h2 id=\"%s-h\">",
	    section->id, section->is_narrow ? " narrow" : "",
	    section->is_spread ? " spread" : "", section->id, section->id);
	put_text(out, "", text_of(section->title), "</h2>\n");
	for (block = section->blocks; block; block = block->next)
		put_block(out, block, section->command);
	if (section->command)
		put_command(out, section->command);
	for (block = section->blocks; block; block = block->next)
		if (block->command)
			put_command(out, block->command);
	buf_puts(out, "</section>\n");
}

static void
put_head(struct buf *out, const struct page *page)
{
	buf_puts(out,
	    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" "
	    "content=\"default-src 'none'; style-src 'unsafe-inline'; "
	    "img-src data:\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n"
	    "<link rel=\"icon\" href=\"data:,\">\n");
	put_text(out, "<title>", text_of(page->title), "</title>\n<style>\n");
	page_style(out);
	svg_grid_style(out);
	buf_puts(out, "</style>\n</head>\n");
}

static void
put_top(struct buf *out, const struct page *page)
{
	const struct page_section *section;
	const struct page_line *lead;

	put_text(out, "<body>\n<header>\n<h1>", text_of(page->title),
	    "</h1>\n");
	buf_puts(out, "<div class=\"leads\">\n");
	for (lead = page->leads; lead; lead = lead->next)
		put_line(out, lead);
	buf_puts(out, "</div>\n");
	if (page->sections && page->sections->next) {
		buf_puts(out, "<nav aria-label=\"Sections\"><ul>\n");
		for (section = page->sections; section; section = section->next)
			buf_printf(out, "<li><a href=\"#%s\">%s</a></li>\n",
			    section->id, section->label);
		buf_puts(out, "</ul></nav>\n");
	}
	buf_puts(out, "</header>\n<main>\n");
}

void
page_html(struct buf *out, const struct page *page)
{
	const struct page_section *section;

	put_head(out, page);
	put_top(out, page);
	for (section = page->sections; section; section = section->next)
		put_section(out, section);
	buf_puts(out, "</main>\n</body>\n</html>\n");
}
