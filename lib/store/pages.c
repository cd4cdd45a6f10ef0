#include "lib/store/pages.h"

#include <sys/stat.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/base/hash.h"
#include "lib/base/publish.h"
#include "lib/core/query_group.h"
#include "lib/store/pages_each.h"
#include "lib/store/pages_known.h"
#include "lib/store/pages_old.h"
#include "lib/store/pages_parts.h"
#include "lib/store/records.h"
#include "lib/store/workspace.h"

#define USAGE_NAME "usage.json"

enum {
	TRIES = 3,
};

/* The pages of a folder, being brought up to date. */
struct update {
	const struct pages_request *request;
	struct records *records;
	struct publish publish;
	struct dir cache;
	struct pages_known known;
	struct pages_parts parts;
	bool is_all; /* every page is looked at, whatever is known */
	bool is_damaged; /* what a part holds */
	bool has_news; /* a document was made */
	struct query_group_table folders; /* that have pages: a set */
	struct pages_old old;
	uint64_t *documents; /* what each is made from */
	struct buf folder, name; /* of the page at hand */
};

static void
add_folder(struct update *update, struct text name)
{
	query_group_find(&update->folders, &name);
}

/* Put a page into its place; that of a scope that is not used, only where one
 * is. */
static int
put_page(void *data, const struct pages_key *key, bool is_used,
    struct text page, struct error *err)
{
	struct update *update = data;
	struct buf *folder = &update->folder, *name = &update->name;

	pages_key_place(folder, name, key);
	if (is_used)
		add_folder(update, (struct text){ folder->text, folder->len });
	if (update->parts.is_all)
		pages_old_made(&update->old, folder->text, name->text);
	return publish_put(&update->publish, folder->text, name->text, page,
	    !is_used, err);
}

/* Put the answer that there is now where the page of a scope was not made. */
static int
put_old(void *data, const struct pages_key *key, struct error *err)
{
	struct update *update = data;
	struct buf page = BUF_INIT;
	enum pages_each made;
	int result = -1;
	bool is_used;

	made = pages_each_one(&page, &update->parts, key, &is_used, err);
	update->is_damaged = made == PAGES_EACH_DAMAGED;
	if (made == PAGES_EACH_DONE)
		result = put_page(update, key, false,
		    (struct text){ page.text, page.len }, err);
	if (result == 0)
		add_folder(update,
		    (struct text){ update->folder.text, update->folder.len });
	buf_release(&page);
	return result;
}

static enum pages_each
put_usage(struct update *update, struct error *err)
{
	struct buf text = BUF_INIT;
	enum pages_each result;

	result = pages_each_day(&text, &update->parts, err);
	if (result == PAGES_EACH_DONE &&
	    publish_put(&update->publish, "", USAGE_NAME,
		(struct text){ text.text, text.len }, false, err) < 0)
		result = PAGES_EACH_FAILED;
	buf_release(&text);
	return result;
}

/* Bring the pages up to date by what is known. */
static enum pages_each
put_pages(struct update *update, struct error *err)
{
	struct pages_parts *parts = &update->parts;
	enum pages_each result;

	if (pages_parts_update(parts, update->records, &update->cache,
		&update->known, err) < 0)
		return PAGES_EACH_FAILED;
	parts->is_all |= update->is_all;
	if (!parts->is_all && !parts->has_changed)
		return PAGES_EACH_DONE;
	result = pages_each(parts, put_page, update, err);
	if (result == PAGES_EACH_DONE && parts->is_all &&
	    pages_old_each(&update->old, &update->publish, put_old, update,
		err) < 0)
		result =
		    update->is_damaged ? PAGES_EACH_DAMAGED : PAGES_EACH_FAILED;
	return result == PAGES_EACH_DONE ? put_usage(update, err) : result;
}

/*
 * The same, whatever is in .cache/: where something is found to be damaged on
 * the way, all is made anew, and at last without it.
 */
static int
put_surely(struct update *update, struct error *err)
{
	enum pages_each result;

	for (int i = 1; i <= TRIES; i++) {
		result = put_pages(update, err);
		if (result != PAGES_EACH_DAMAGED)
			return result == PAGES_EACH_DONE ? 0 : -1;
		pages_parts_release(&update->parts);
		pages_known_release(&update->known);
		if (i + 1 == TRIES)
			dir_close(&update->cache);
	}
	return error_set(err, ERROR_IO, "the pages change while they are made");
}

static uint64_t
add_state(uint64_t hash, const struct pages_known_part *part)
{
	const struct cache_state *state = &part->state;

	hash = hash_word(hash, part->id);
	hash = hash_word(hash, state->inode);
	hash = hash_word(hash, (uint64_t)state->size);
	hash = hash_word(hash, (uint64_t)state->modified_ns);
	return hash_word(hash, (uint64_t)state->changed_ns);
}

/* A hash of what the document is made from; 0 where that may change without a
 * trace. */
static uint64_t
hash_inputs(const struct update *update, const struct pages_document *document)
{
	const struct pages_parts *parts = &update->parts;
	const struct pages_known_part *runs = &parts->notes[parts->count - 1];
	uint64_t hash = document->rest;
	struct pages_known tasks;

	if (hash == 0 || parts->files.pending.file.fd >= 0)
		return 0;
	for (size_t i = 0; i < parts->files.count; i++) {
		struct when day = parts->files.list[i].day;

		if (day.micros < document->since.micros ||
		    day.micros >= document->until.micros)
			continue;
		if (parts->notes[i].state.inode == 0)
			return 0;
		hash = hash_word(hash, (uint64_t)day.micros);
		hash = add_state(hash, &parts->notes[i]);
	}
	/* Without runs there is no file, and no state of it. */
	if (runs->state.inode == 0 &&
	    parts->list[parts->count - 1].head.days_length > 0)
		return 0;
	hash = add_state(hash, runs);
	pages_known_list_tasks(&tasks, update->records->workspace->arena,
	    &update->records->tasks.table);
	for (size_t i = 0; i < tasks.task_count; i++)
		for (size_t j = 0; j < PAGES_KNOWN_TASK; j++)
			hash = hash_text(hash, tasks.tasks[i].text[j]);
	return hash;
}

/* Whether a document is what it would be again. */
static bool
is_made(const struct update *update, size_t place)
{
	return !update->is_all && !update->parts.is_all &&
	       place < update->known.document_count &&
	       update->documents[place] != 0 &&
	       update->documents[place] == update->known.documents[place];
}

static int
put_documents(struct update *update, struct error *err)
{
	const struct pages_request *request = update->request;
	const struct pages_document *document;
	struct buf text = BUF_INIT;
	int result = 0;

	update->documents = arena_array(update->records->workspace->arena,
	    request->document_count + 1, sizeof(*update->documents));
	for (size_t i = 0; i < request->document_count && result == 0; i++) {
		document = &request->documents[i];
		update->documents[i] = hash_inputs(update, document);
		if (is_made(update, i))
			continue;
		update->has_news = true;
		buf_reset(&text);
		result = document->make(&text, document->data, err);
		if (result == 0)
			result = publish_put(&update->publish, "",
			    document->name,
			    (struct text){ text.text, text.len }, false, err);
	}
	buf_release(&text);
	return result;
}

/* The state of a folder; all zero where it is not there. */
static struct cache_state
look_at(struct publish *publish, const char *folder)
{
	const struct dir *dir = NULL;
	struct error ignored;
	struct stat st;

	if (publish_look(&dir, publish, folder, &ignored) < 0 || !dir ||
	    fstat(dir->fd, &st) < 0)
		return (struct cache_state){ 0 };
	return cache_state_of(&st);
}

/* Whether nobody put anything into the folders, or took it away. */
static bool
is_untouched(struct update *update)
{
	const struct pages_known *known = &update->known;
	struct cache_state now;

	for (size_t i = 0; i < known->folder_count; i++) {
		struct arena *arena = update->records->workspace->arena;
		struct text name = known->folders[i].name;

		now = look_at(&update->publish,
		    arena_copy(arena, name.data, name.len));
		if (!cache_state_equal(&now, &known->folders[i].state))
			return false;
	}
	return known->is_there;
}

/* Note what the pages are made from now. */
static void
write_known(struct update *update)
{
	const struct pages_parts *parts = &update->parts;
	struct arena *arena = update->records->workspace->arena;
	struct query_group *const *folders = query_group_list(&update->folders);
	struct pages_known known = { .maker = update->request->maker,
		.parts = parts->notes,
		.documents = update->documents,
		.part_count = parts->count,
		.folder_count = update->folders.count,
		.document_count = update->request->document_count };

	known.folders =
	    arena_array(arena, known.folder_count, sizeof(*known.folders));
	for (size_t i = 0; i < known.folder_count; i++) {
		known.folders[i].name = folders[i]->values[0];
		known.folders[i].state =
		    look_at(&update->publish, folders[i]->values[0].data);
	}
	pages_known_list_tasks(&known, arena, &update->records->tasks.table);
	pages_known_write(&update->cache, &known);
}

static void
init(struct update *update, const struct pages_request *request)
{
	*update = (struct update){ .request = request,
		.records = request->records,
		.cache = DIR_NONE,
		.known = { .data = BUF_INIT },
		.parts = { .files = LEDGER_FILES_NONE },
		.old = PAGES_OLD_NONE,
		.folder = BUF_INIT,
		.name = BUF_INIT };
	query_group_init(&update->folders, request->records->workspace->arena,
	    1);
	add_folder(update, TEXT(""));
}

static void
release(struct update *update)
{
	pages_parts_release(&update->parts);
	pages_known_release(&update->known);
	pages_old_release(&update->old);
	publish_close(&update->publish);
	dir_close(&update->cache);
	buf_release(&update->folder);
	buf_release(&update->name);
}

/* The folders that had pages still have them. */
static void
take_known(struct update *update)
{
	struct pages_known *known = &update->known;

	cache_open(&update->cache, update->records->workspace, true);
	pages_known_read(&update->known, update->records->workspace->arena,
	    &update->cache);
	if (known->maker != update->request->maker)
		pages_known_release(known);
	update->is_all = update->request->all || !is_untouched(update);
	for (size_t i = 0; i < known->folder_count; i++)
		add_folder(update, known->folders[i].name);
}

int
pages_update(const struct pages_request *request, struct error *err)
{
	struct update update;
	int result;

	init(&update, request);
	result = publish_open(&update.publish, request->path,
	    request->records->workspace->lock_seconds, err);
	if (result == 0) {
		take_known(&update);
		result = put_surely(&update, err);
	}
	if (result == 0)
		result = put_documents(&update, err);
	if (result == 0)
		result = publish_finish(&update.publish, err);
	if (result == 0 &&
	    (update.is_all || update.parts.is_all || update.has_news ||
		update.parts.has_changed || update.publish.written > 0))
		write_known(&update);
	release(&update);
	return result;
}
