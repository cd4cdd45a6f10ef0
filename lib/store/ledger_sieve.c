#include "lib/store/ledger_sieve.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/error.h"
#include "lib/base/hash.h"
#include "lib/store/ledger_files.h"
#include "lib/store/ledger_ids.h"
#include "lib/store/ledger_ids_file.h"

#define MAGIC UINT64_C(0x31767369726D74) /* "tmrisv1" */

enum {
	WORDS = LEDGER_SIEVE_PAGE / sizeof(uint64_t), /* the checksum first */
	BITS = 64 * (WORDS - 1),
	PROBES = 7,
	IDS = 2700, /* of a page, about: 12 bits each, one in 300 is wrong */
	MAX_DAYS = 100000, /* more than a head holds that is no nonsense */
};

static int64_t
round_up(size_t len)
{
	return (int64_t)((len + LEDGER_SIEVE_PAGE - 1) / LEDGER_SIEVE_PAGE) *
	       LEDGER_SIEVE_PAGE;
}

static size_t
head_size(uint64_t days)
{
	return sizeof(struct ledger_sieve_head) +
	       (size_t)days * sizeof(struct ledger_sieve_day);
}

static uint64_t
sum_of_head(struct ledger_sieve_head head, const struct ledger_sieve_day *days)
{
	head.sum = 0;
	return cache_sum(cache_sum(CACHE_SUM, &head, sizeof(head)), days,
	    (size_t)head.days * sizeof(*days));
}

/* The checksum of a page, which is that of its place in this one file. */
static uint64_t
sum_of_page(const struct ledger_sieve_head *head, uint64_t place,
    const uint64_t *words)
{
	return cache_sum(cache_sum(head->sum, &place, sizeof(place)), words + 1,
	    (WORDS - 1) * sizeof(*words));
}

/* Where an id's bits are. */
struct probe {
	uint64_t page;
	uint32_t bit, step;
};

static struct probe
probe_of(uint64_t hash, uint64_t pages)
{
	uint64_t page = hash_word(MAGIC, hash), bits = hash_word(page, hash);

	return (struct probe){ .page = page % pages,
		.bit = (uint32_t)bits % BITS,
		.step = (uint32_t)(bits >> 32) % (BITS - 1) + 1 };
}

/* The word of a page that the probe's bit is in, and the bit; the probe goes
 * on to the next. */
static size_t
next_bit(uint64_t *mask, struct probe *probe)
{
	size_t word = 1 + probe->bit / 64;

	*mask = UINT64_C(1) << probe->bit % 64;
	probe->bit = (probe->bit + probe->step) % BITS;
	return word;
}

static bool
read_at(struct buf *out, const struct file *file, int64_t offset, size_t len)
{
	struct error ignored;

	buf_reset(out);
	return file_read_at(out, file, offset, len, &ignored) == 0 &&
	       out->len == len;
}

static bool
read_head(struct ledger_sieve *sieve)
{
	struct ledger_sieve_head *head = &sieve->head;
	size_t len;

	if (!read_at(&sieve->data, &sieve->file, 0, sizeof(*head)))
		return false;
	memcpy(head, sieve->data.text, sizeof(*head));
	if (head->magic != MAGIC || head->days > MAX_DAYS || head->pages == 0 ||
	    head->pages > (uint64_t)sieve->file.size / LEDGER_SIEVE_PAGE)
		return false;
	len = head_size(head->days);
	if (sieve->file.size !=
		round_up(len) + (int64_t)head->pages * LEDGER_SIEVE_PAGE ||
	    !read_at(&sieve->data, &sieve->file, 0, len))
		return false;
	sieve->days = (const void *)(sieve->data.text + sizeof(*head));
	return head->sum == sum_of_head(*head, sieve->days);
}

bool
ledger_sieve_open(struct ledger_sieve *sieve, const struct dir *cache)
{
	struct error ignored;
	bool found;

	*sieve = (struct ledger_sieve)LEDGER_SIEVE_NONE;
	if (cache->fd < 0 ||
	    file_open(&sieve->file, cache, LEDGER_SIEVE_NAME, &found,
		&ignored) < 0 ||
	    !found)
		return false;
	if (read_head(sieve))
		return true;
	ledger_sieve_close(sieve);
	return false;
}

void
ledger_sieve_close(struct ledger_sieve *sieve)
{
	file_close(&sieve->file);
	buf_release(&sieve->data);
	buf_release(&sieve->page);
	*sieve = (struct ledger_sieve)LEDGER_SIEVE_NONE;
}

static int
compare_day(const void *key, const void *item)
{
	const int64_t *day = key;
	const struct ledger_sieve_day *other = item;

	return (*day > other->day) - (*day < other->day);
}

bool
ledger_sieve_knows(const struct ledger_sieve *sieve,
    const struct ledger_file *file)
{
	const struct ledger_sieve_day *day;

	if (sieve->head.days == 0)
		return false;
	day = bsearch(&file->day.micros, sieve->days, (size_t)sieve->head.days,
	    sizeof(*day), compare_day);
	return day && cache_state_equal(&day->state, &file->state);
}

bool
ledger_sieve_holds(struct ledger_sieve *sieve, uint64_t hash)
{
	const struct ledger_sieve_head *head = &sieve->head;
	struct probe probe = probe_of(hash, head->pages);
	const uint64_t *words;
	uint64_t mask;
	size_t word;

	if (!read_at(&sieve->page, &sieve->file,
		round_up(head_size(head->days)) +
		    (int64_t)probe.page * LEDGER_SIEVE_PAGE,
		LEDGER_SIEVE_PAGE))
		return true;
	words = (const void *)sieve->page.text;
	if (words[0] != sum_of_page(head, probe.page, words))
		return true;
	for (int i = 0; i < PROBES; i++) {
		word = next_bit(&mask, &probe);
		if ((words[word] & mask) == 0)
			return false;
	}
	return true;
}

/* One that is being made. */
struct making {
	struct buf hashes;
	struct buf days;
};

/* Add the ids of a file, if they are kept and true. */
static void
add_file(struct making *making, const struct dir *cache,
    const struct ledger_file *file)
{
	const struct ledger_sieve_day day = { file->day.micros, file->state };
	struct ledger_ids ids = LEDGER_IDS_NONE;
	struct ledger_ids_file kept;

	if (!ledger_ids_file_open(&kept, cache, file))
		return;
	if (ledger_ids_file_read(&ids, &kept)) {
		for (size_t i = 0; i < ids.count; i++)
			buf_add(&making->hashes, &ids.list[i].hash,
			    sizeof(ids.list[i].hash));
		buf_add(&making->days, &day, sizeof(day));
	}
	ledger_ids_release(&ids);
	ledger_ids_file_close(&kept);
}

/* Set the bits of all ids in the pages, which stand one after the other. */
static void
set_bits(uint64_t *pages, const struct ledger_sieve_head *head,
    const struct buf *hashes)
{
	const uint64_t *hash = (const void *)hashes->text;
	size_t count = hashes->len / sizeof(*hash), word;
	struct probe probe;
	uint64_t mask;

	for (size_t i = 0; i < count; i++) {
		probe = probe_of(hash[i], head->pages);
		for (int j = 0; j < PROBES; j++) {
			word = next_bit(&mask, &probe);
			pages[probe.page * WORDS + word] |= mask;
		}
	}
	for (uint64_t place = 0; place < head->pages; place++)
		pages[place * WORDS] =
		    sum_of_page(head, place, pages + place * WORDS);
}

static void
write_all(struct buf *out, const struct making *making)
{
	struct ledger_sieve_head head = { .magic = MAGIC,
		.days = making->days.len / sizeof(struct ledger_sieve_day),
		.pages = making->hashes.len / sizeof(uint64_t) / IDS + 1 };
	size_t start = (size_t)round_up(head_size(head.days));

	head.sum = sum_of_head(head, (const void *)making->days.text);
	buf_fill(out, '\0', start + (size_t)head.pages * LEDGER_SIEVE_PAGE);
	memcpy(out->text, &head, sizeof(head));
	if (making->days.len > 0)
		memcpy(out->text + sizeof(head), making->days.text,
		    making->days.len);
	set_bits((void *)(out->text + start), &head, &making->hashes);
}

void
ledger_sieve_make(const struct dir *cache, const struct ledger_files *files)
{
	/* Ids are kept of files alone that had been left alone for long enough,
	 * so any state will do; where nothing can be written, nothing is read.
	 */
	const struct cache_state any = { 0 };
	struct making making = { .hashes = BUF_INIT, .days = BUF_INIT };
	struct buf out = BUF_INIT;
	struct file file;

	if (!cache_begin(&file, cache, LEDGER_SIEVE_NAME, &any))
		return;
	for (size_t i = 0; i < files->count; i++)
		add_file(&making, cache, &files->list[i]);
	write_all(&out, &making);
	cache_end(&file, (struct text){ out.text, out.len });
	buf_release(&out);
	buf_release(&making.hashes);
	buf_release(&making.days);
}
