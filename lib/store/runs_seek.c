#include "lib/store/runs_seek.h"

#include <stdbool.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/file.h"
#include "lib/base/number.h"
#include "lib/store/runs_survey.h"

#define WINDOW ((int64_t)16 * 1024)
#define START "\n- run_index: "

/* The start and the index of the first whole one of these lines in text. */
static bool
find_start(struct text text, size_t *start, int64_t *index)
{
	const char *line, *number, *end;

	line = memmem(text.data, text.len, START, sizeof(START) - 1);
	if (!line)
		return false;
	number = line + sizeof(START) - 1;
	end = memchr(number, '\n', text.len - (size_t)(number - text.data));
	*start = (size_t)(line - text.data) + 1;
	return end &&
	       number_parse_count(index, number, (size_t)(end - number)) == 0;
}

/*
 * The first run that begins at or behind from and before to; *found is false
 * where none does.
 */
static int
first_run(const struct file *file, int64_t from, int64_t to, int64_t *start,
    int64_t *index, bool *found, struct error *err)
{
	struct buf window = BUF_INIT;
	int64_t len = WINDOW;
	size_t at = 0;
	int result;

	do {
		if (len > to - from)
			len = to - from;
		buf_reset(&window);
		result = file_read_at(&window, file, from, (size_t)len, err);
		*found = result == 0 &&
			 find_start((struct text){ window.text, window.len },
			     &at, index);
		if (len == to - from)
			break;
		len *= 4;
	} while (result == 0 && !*found);
	*start = from + (int64_t)at;
	buf_release(&window);
	return result;
}

int
runs_seek(int64_t *out, const struct file *file,
    const struct runs_survey *survey, int64_t index, struct error *err)
{
	int64_t low = survey->begin, high = survey->end;
	int64_t middle, start, there;
	bool found;

	while (high - low > WINDOW) {
		middle = low + (high - low) / 2;
		if (first_run(file, middle, high, &start, &there, &found, err) <
		    0)
			return -1;
		if (found && there <= index)
			low = start;
		else
			high = middle;
	}
	*out = low;
	return 0;
}
