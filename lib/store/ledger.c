#include "lib/store/ledger.h"

#include "lib/store/ledger_files.h"
#include "lib/store/ledger_walk.h"

bool
ledger_asks_for(const struct ledger_question *question, struct when at)
{
	return (!question->has_since || at.micros >= question->since.micros) &&
	       (!question->has_until || at.micros < question->until.micros);
}

bool
ledger_asks_for_day(const struct ledger_question *question, struct when day)
{
	struct when next = when_add_days(day, 1);

	return (!question->has_since || next.micros > question->since.micros) &&
	       (!question->has_until || day.micros < question->until.micros);
}

int
ledger_each_of(struct workspace *workspace, struct ledger_question *question,
    ledger_visitor *visitor, void *const *data, size_t count, struct error *err)
{
	struct ledger_files files;
	const struct ledger_walk walk = { .workspace = workspace,
		.question = question,
		.files = &files,
		.visitor = visitor };
	int result;

	if (ledger_files_open(&files, workspace, err) < 0)
		return -1;
	result = ledger_walk(&walk, data, count, err);
	ledger_files_close(&files);
	return result;
}

int
ledger_each(struct workspace *workspace, struct ledger_question *question,
    ledger_visitor *visitor, void *data, struct error *err)
{
	return ledger_each_of(workspace, question, visitor, &data, 1, err);
}
