#include "lib/render/page.h"

#include "lib/base/arena.h"

void
page_init(struct page *page, struct arena *arena, const char *title)
{
	*page = (struct page){ .arena = arena, .title = title };
	page->leads_end = &page->leads;
	page->end = &page->sections;
}

static struct page_line *
add_line(struct arena *arena, struct page_line ***end, const char *label,
    struct text text)
{
	struct page_line *line = arena_alloc(arena, sizeof(*line));

	line->label = label;
	line->text = text;
	**end = line;
	*end = &line->next;
	return line;
}

struct page_line *
page_lead(struct page *page, const char *label, struct text text)
{
	return add_line(page->arena, &page->leads_end, label, text);
}

struct page_section *
page_section(struct page *page, const char *id, const char *label,
    const char *title, const char *command)
{
	struct page_section *section =
	    arena_alloc(page->arena, sizeof(*section));

	section->id = id;
	section->label = label;
	section->title = title;
	section->command = command;
	section->end = &section->blocks;
	*page->end = section;
	page->end = &section->next;
	return section;
}

struct page_block *
page_block(struct page *page, struct page_section *section, enum page_kind kind)
{
	struct page_block *block = arena_alloc(page->arena, sizeof(*block));

	block->kind = kind;
	block->figures_end = &block->figures;
	block->items_end = &block->items;
	*section->end = block;
	section->end = &block->next;
	return block;
}

void
page_text(struct page *page, struct page_section *section, const char *text)
{
	page_block(page, section, PAGE_TEXT)->text = text_of(text);
}

struct page_figure *
page_figure(struct page *page, struct page_block *block, const char *label,
    struct text value)
{
	struct page_figure *figure = arena_alloc(page->arena, sizeof(*figure));

	figure->label = label;
	figure->value = value;
	*block->figures_end = figure;
	block->figures_end = &figure->next;
	return figure;
}

struct page_table *
page_table(struct page *page, struct page_section *section, const char *caption,
    const struct table_column *columns, size_t count)
{
	struct page_block *block = page_block(page, section, PAGE_TABLE);

	block->table.caption = caption;
	table_init(&block->table.table, page->arena, columns, count);
	return &block->table;
}

struct page_item *
page_item(struct page *page, struct page_block *block, struct text heading,
    enum page_tone tone)
{
	struct page_item *item = arena_alloc(page->arena, sizeof(*item));

	item->heading = heading;
	item->tone = tone;
	item->end = &item->lines;
	*block->items_end = item;
	block->items_end = &item->next;
	return item;
}

struct page_line *
page_line(struct page *page, struct page_item *item, const char *label,
    struct text text)
{
	return add_line(page->arena, &item->end, label, text);
}
