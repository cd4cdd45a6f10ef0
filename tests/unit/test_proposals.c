#include "lib/store/proposals.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "lib/core/daily.h"
#include "lib/store/changes.h"
#include "lib/store/pending.h"
#include "tests/unit/scratch_workspace.h"

#define FOLDER BUDGET "proposals/"

static struct scratch_workspace sw;

static void
begin(void)
{
	scratch_workspace_begin(&sw);
	scratch_workspace_make(&sw);
}

static void
end(void)
{
	scratch_workspace_end(&sw);
}

TestSuite(proposals, .init = begin, .fini = end);

static void
write_action(struct buf *out, const struct daily_row *row)
{
	buf_puts(out, "about ");
	buf_add(out, row->id.data, row->id.len);
}

static void
write_page(struct buf *out, const struct node *proposal)
{
	buf_puts(out, node_find(proposal, "status")->text.data);
}

static const struct proposals_report report = { write_action, write_page };

static void
add(const char *id)
{
	struct daily_row row = { .day = { INT64_C(1795219200000000) },
		.dimension = (enum query_dimension)USAGE_QUEST,
		.id = text_of(id) };
	struct changes changes;

	changes_init(&changes);
	cr_assert(proposals_add(&changes, &sw.w, &row, sw.now, &report,
		      &sw.s.err) == 0,
	    "%s", sw.s.err.text);
	cr_assert(changes_commit(&changes, &sw.w, &sw.s.err) == 0);
	cr_expect(text_is(row.alert_emitted_at, "2026-11-22T08:00:00+00:00"));
}

/* The ids, with blanks between. */
static const char *
list(const char *status)
{
	struct buf ids = BUF_INIT;
	struct node *found;
	const char *text;

	if (proposals_list(&found, &sw.w, status, &sw.s.err) < 0)
		return sw.s.err.text;
	for (const struct node *item = found->first; item; item = item->next)
		buf_printf(&ids, "%s ", node_find(item, "id")->text.data);
	text = arena_copy(&sw.s.arena, ids.text, ids.len);
	buf_release(&ids);
	return text;
}

Test(proposals, ids_become_safe_names_of_files)
{
	add("../../x");
	add("<script>");
	add("b");
	SCRATCH_SAME(list(NULL), "2026-11-21-quest-%2E.%2F..%2Fx "
				 "2026-11-21-quest-%3Cscript%3E "
				 "2026-11-21-quest-b ");
	SCRATCH_SAME(scratch_read(&sw.s,
			 FOLDER "2026-11-21-quest-%3Cscript%3E.md")
			 .data,
	    "open");
}

Test(proposals, they_are_decided_and_can_be_decided_anew)
{
	const char *text, *page = FOLDER "2026-11-21-quest-b.md";

	add("a");
	add("b");
	cr_assert(proposals_decide(&sw.w, "2026-11-21-quest-b", "accepted",
		      &report, &sw.s.err) == 0);
	SCRATCH_SAME(list("open"), "2026-11-21-quest-a ");
	SCRATCH_SAME(list("accepted"), "2026-11-21-quest-b ");
	SCRATCH_SAME(list("dismissed"), "");
	SCRATCH_SAME(scratch_read(&sw.s, page).data, "accepted");
	text = scratch_read(&sw.s, FOLDER "2026-11-21-quest-b.yaml").data;
	cr_expect(
	    strstr(text, "decided_at: '2026-11-22T08:00:00+00:00'") != NULL);
	/* Again: nothing changes, not the time either. */
	sw.now.micros += 1000000;
	cr_assert(proposals_decide(&sw.w, "2026-11-21-quest-b", "accepted",
		      &report, &sw.s.err) == 0);
	SCRATCH_SAME(scratch_read(&sw.s, FOLDER "2026-11-21-quest-b.yaml").data,
	    text);
	cr_assert(proposals_decide(&sw.w, "2026-11-21-quest-b", "dismissed",
		      &report, &sw.s.err) == 0);
	SCRATCH_SAME(scratch_read(&sw.s, page).data, "dismissed");
	/* An alert does not bring it back. */
	add("b");
	SCRATCH_SAME(list("dismissed"), "2026-11-21-quest-b ");
}

Test(proposals, unknown_ids_are_said_and_never_paths)
{
	static const char *const ids[] = { "", "x", "../plans", "a/b", ".",
		"2026-11-21-quest-%2E.yaml", "a b" };

	add("a");
	for (size_t i = 0; i < SCRATCH_COUNT(ids); i++) {
		cr_expect(proposals_decide(&sw.w, ids[i], "accepted", &report,
			      &sw.s.err) == -1);
		cr_expect(sw.s.err.kind == ERROR_NO_INPUT, "%s", ids[i]);
	}
}

Test(proposals, those_of_a_pending_change_are_there)
{
	static const char text[] = "schema_version: 1\nid: p\nstatus: open\n";
	const char *pending;

	add("a");
	pending = arena_printf(&sw.s.arena,
	    "meter pending 1 1\nproposals/p.yaml - %zu\n%s", strlen(text),
	    text);
	scratch_write(&sw.s, BUDGET ".pending", pending);
	SCRATCH_SAME(list(NULL), "2026-11-21-quest-a p ");
	SCRATCH_SAME(scratch_read(&sw.s, BUDGET ".pending").data, pending);
	/* The next writer carries it out. */
	cr_assert(
	    proposals_decide(&sw.w, "p", "accepted", &report, &sw.s.err) == 0);
	SCRATCH_SAME(list("accepted"), "p ");
	cr_expect(scratch_read(&sw.s, BUDGET ".pending").data == NULL);
}

Test(proposals, damage_is_said_and_other_files_are_nobodys)
{
	add("a");
	scratch_write(&sw.s, FOLDER ".hidden.yaml", "x");
	scratch_write(&sw.s, FOLDER "notes.txt", "x");
	SCRATCH_SAME(list(NULL), "2026-11-21-quest-a ");
	scratch_write(&sw.s, FOLDER "z.yaml",
	    "schema_version: 1\nid: z\nstatus: maybe\n");
	SCRATCH_SAME(list(NULL), FOLDER "z.yaml:3:9: status: expected a "
					"status: open, accepted or dismissed");
	scratch_write(&sw.s, FOLDER "z.yaml",
	    "schema_version: 1\nstatus: open\n");
	SCRATCH_SAME(list(NULL),
	    FOLDER "z.yaml:1:1: is damaged: id is missing");
}
