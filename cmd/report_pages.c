#include <fcntl.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/session.h"
#include "lib/base/hash.h"
#include "lib/base/threads.h"
#include "lib/core/daily_node.h"
#include "lib/doc/json_write.h"
#include "lib/store/cache.h"
#include "lib/store/days.h"
#include "lib/store/pages.h"
#include "lib/store/records.h"

#define DEFAULT_FOLDER "reports/pages"

enum {
	VARIANCE_DAYS = 14,
	VARIANCE_REACH = 60, /* days that it looks back, and some more */
};

/* What `variance daily --days 14` answers, up to yesterday. */
static int
make_variance(struct buf *out, void *data, struct error *err)
{
	struct session *session = data;
	const struct when_clock *clock = &session->workspace.clock;
	const struct when now = clock->read(clock->data);
	struct days_question question;
	struct days days;

	question = days_ask(when_add_days(when_day_start(now), -1),
	    VARIANCE_DAYS, now);
	question.threads = threads_count();
	if (days_compute(&days, &session->workspace, &question, err) < 0)
		return -1;
	json_write_pretty(out,
	    daily_node_answer(&session->arena, days.first, days.day_count,
		days.rows, days.count, DAILY_NODE_JSON));
	return 0;
}

static uint64_t
hash_state(uint64_t hash, int dir, const char *name)
{
	struct stat st = { 0 };
	struct cache_state state;

	if (fstatat(dir, name, &st, 0) < 0)
		return hash_word(hash, 0);
	state = cache_state_of(&st);
	hash = hash_word(hash, state.inode);
	hash = hash_word(hash, (uint64_t)state.size);
	hash = hash_word(hash, (uint64_t)state.modified_ns);
	return hash_word(hash, (uint64_t)state.changed_ns);
}

/* What the variance is made from besides usage: what was allocated, and what
 * was said of each day before. */
static uint64_t
hash_variance(const struct session *session, struct when yesterday)
{
	const int dir = session->workspace.dir.fd;
	struct buf name = BUF_INIT;
	uint64_t hash = hash_word(0, (uint64_t)yesterday.micros);

	hash = hash_state(hash, dir, "allocations.yaml");
	for (int i = 0; i < VARIANCE_DAYS; i++) {
		buf_reset(&name);
		buf_puts(&name, "variance/");
		when_day(&name, when_add_days(yesterday, -i));
		buf_puts(&name, ".yaml");
		hash = hash_state(hash, dir, name.text);
	}
	buf_release(&name);
	return hash;
}

int
cmd_report_pages(struct session *session, int argc, char **argv)
{
	static const char synopsis[] = "meter report pages [--all] [DIR]";
	const struct when_clock *clock = &session->workspace.clock;
	struct pages_document variance = { .name = "variance.json",
		.make = make_variance,
		.data = session };
	struct records records;
	struct pages_request request = { .records = &records,
		.documents = &variance,
		.document_count = 1 };
	const struct opt options[] = {
		OPT_FLAG('\0', "all", &request.all,
		    "look at every page, not just at those that may have "
		    "changed"),
		OPT_END,
	};

	if (!session_options(session, synopsis, options, &argc, argv, 0, 1))
		return session->status;
	if (argc > 0 && argv[0][0] == '\0')
		return session_misuse(session, "the folder has no name");
	request.path = argc > 0 ? argv[0]
				: arena_printf(&session->arena, "%s/%s",
				      session->workspace.root, DEFAULT_FOLDER);
	request.maker = hash_state(0, AT_FDCWD, "/proc/self/exe");
	variance.until = when_day_start(clock->read(clock->data));
	variance.since = when_add_days(variance.until, -VARIANCE_REACH);
	variance.rest =
	    hash_variance(session, when_add_days(variance.until, -1));
	if (records_open(&records, &session->workspace, &session->err) < 0 ||
	    pages_update(&request, &session->err) < 0)
		return session_fail(session);
	return EX_OK;
}
