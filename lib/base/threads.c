#include "lib/base/threads.h"

#include <pthread.h>
#include <stdbool.h>
#include <unistd.h>

/* A part, and the thread that works at it. */
struct thread {
	void (*work)(void *part);
	void *part;
	pthread_t id;
	bool is_there;
};

size_t
threads_count(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	if (count < 1)
		return 1;
	return count < THREADS_MAX ? (size_t)count : THREADS_MAX;
}

static void *
run(void *data)
{
	const struct thread *thread = data;

	thread->work(thread->part);
	return NULL;
}

void
threads_run(void (*work)(void *part), void *parts, size_t size, size_t count)
{
	struct thread threads[THREADS_MAX] = { { .work = work } };

	for (size_t i = 0; i < count; i++) {
		threads[i].work = work;
		threads[i].part = (char *)parts + i * size;
		threads[i].is_there = i > 0 && pthread_create(&threads[i].id,
						   NULL, run, &threads[i]) == 0;
	}
	for (size_t i = 0; i < count; i++)
		if (!threads[i].is_there)
			work(threads[i].part);
	for (size_t i = 0; i < count; i++)
		if (threads[i].is_there)
			pthread_join(threads[i].id, NULL);
}
