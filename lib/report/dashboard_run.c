#include "lib/report/dashboard_parts.h"

#include <inttypes.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/number.h"
#include "lib/core/variance.h"
#include "lib/render/page.h"
#include "lib/report/comparison.h"
#include "lib/report/dashboard_text.h"

enum {
	WORKFLOWS = 12, /* that are shown */
};

static const struct table_column columns[COMPARISON_COLUMNS] = {
	{ "Measure", TABLE_TEXT },
	{ "Planned", TABLE_COUNT },
	{ "Actual", TABLE_COUNT },
	{ "Difference", TABLE_COUNT },
	{ "Ratio", TABLE_NUMBER },
};

static void
add_workflows(struct table *table, const struct variance *run)
{
	const struct variance_workflow *workflow;
	struct buf name = BUF_INIT;

	for (size_t i = 0; i < run->workflow_count && i < WORKFLOWS; i++) {
		workflow = &run->workflows[i];
		buf_puts(&name, "Calls of ");
		buf_add(&name, workflow->id.data, workflow->id.len);
		comparison_count(table, buf_keep(&name, table->arena),
		    &workflow->calls);
	}
	if (run->workflow_count > WORKFLOWS)
		table_note(table,
		    arena_printf(table->arena,
			"and %zu more workflows, in the calls above",
			run->workflow_count - WORKFLOWS));
}

static void
note_run(struct table *table, const struct dashboard *dashboard)
{
	const struct variance *run = dashboard->run;
	int64_t unpriced = dashboard->run_unpriced;
	struct buf note = BUF_INIT;

	buf_printf(&note, "Run %" PRId64, run->run_index);
	if (run->has_duration) {
		buf_puts(&note, " took ");
		number_plain(&note, run->duration_seconds);
		buf_puts(&note, " s");
	}
	if (!run->snapshot_id.data) {
		buf_puts(&note, " without a plan");
	} else {
		buf_puts(&note, ", plan ");
		buf_add(&note, run->snapshot_id.data, run->snapshot_id.len);
		if (!run->is_resolved)
			buf_puts(&note, " was not found");
	}
	if (unpriced > 0)
		buf_printf(&note,
		    ", %" PRId64 " call%s that nothing prices count%s as 0",
		    unpriced, unpriced == 1 ? "" : "s",
		    unpriced == 1 ? "s" : "");
	buf_putc(&note, '.');
	table_note(table, buf_keep(&note, table->arena).data);
}

int
dashboard_run(struct page *page, struct dashboard *dashboard, struct error *err)
{
	const struct variance *run = dashboard->run;
	struct page_section *section;
	struct table *table;

	(void)err;
	section = page_section(page, "run", "Last run",
	    "Last run against its plan", run ? dashboard->run_command : NULL);
	section->is_narrow = true;
	if (!run) {
		page_text(page, section,
		    *dashboard->filters != '\0'
			? "No run is recorded of this kind."
			: "No run is recorded: meter record run FILE does so.");
		return 0;
	}
	table = &page_table(page, section, "The last run against its plan",
	    columns, COMPARISON_COLUMNS)
		     ->table;
	comparison_count(table, TEXT("Calls"), &run->calls);
	comparison_count(table, TEXT("Prompt tokens"), &run->prompt_tokens);
	comparison_count(table, TEXT("Total tokens"), &run->total_tokens);
	comparison_cost(table, TEXT("Cost"), &run->cost);
	add_workflows(table, run);
	note_run(table, dashboard);
	return 0;
}
