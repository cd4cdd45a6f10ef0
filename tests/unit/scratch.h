#ifndef METER_TESTS_UNIT_SCRATCH_H
#define METER_TESTS_UNIT_SCRATCH_H

/*
 * What tests of files and documents share: an arena, a folder that is the
 * test's own and goes away after it, and documents written inline.  Criterion
 * runs each test in a process of its own, so one static struct a file will
 * do.
 */

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/dir.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/doc/node.h"
#include "lib/doc/yaml.h"

#define SCRATCH_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Expect a string to be that one, and show both where it is not. */
#define SCRATCH_SAME(got, want) \
	cr_expect(strcmp((got), (want)) == 0, "got  %s\nwant %s", (got), (want))

struct scratch {
	struct arena arena;
	struct error err;
	char path[64];		/* of the folder */
	struct dir dir;		/* the same, open; messages call it "box" */
};

static inline void
scratch_begin(struct scratch *s)
{
	*s = (struct scratch){ .path = "/tmp/meter-unit-XXXXXX",
		.dir = { -1, "box" } };
	cr_assert(mkdtemp(s->path) != NULL);
	s->dir.fd = open(s->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cr_assert(s->dir.fd >= 0);
}

static inline int
scratch_remove(const char *path, const struct stat *st, int flag,
    struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static inline void
scratch_end(struct scratch *s)
{
	if (s->dir.fd >= 0) {
		close(s->dir.fd);
		nftw(s->path, scratch_remove, 16, FTW_DEPTH | FTW_PHYS);
	}
	s->dir.fd = -1;
	arena_release(&s->arena);
}

/* A path in the folder. */
static inline char *
scratch_path(struct scratch *s, const char *name)
{
	return arena_printf(&s->arena, "%s/%s", s->path, name);
}

static inline void
scratch_write_text(struct scratch *s, const char *name, struct text text)
{
	int fd = openat(s->dir.fd, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	cr_assert(fd >= 0, "%s", name);
	cr_assert(write(fd, text.data, text.len) == (ssize_t)text.len);
	close(fd);
}

static inline void
scratch_write(struct scratch *s, const char *name, const char *text)
{
	scratch_write_text(s, name, text_of(text));
}

/* What the file holds; null where it is not there. */
static inline struct text
scratch_read(struct scratch *s, const char *name)
{
	int fd = openat(s->dir.fd, name, O_RDONLY);
	struct stat st;
	char *data;

	if (fd < 0)
		return TEXT_NULL;
	cr_assert(fstat(fd, &st) == 0);
	data = arena_alloc(&s->arena, (size_t)st.st_size + 1);
	cr_assert(read(fd, data, (size_t)st.st_size) == st.st_size);
	close(fd);
	return (struct text){ data, (size_t)st.st_size };
}

static inline bool
scratch_has(const struct scratch *s, const char *name)
{
	struct stat st;

	return fstatat(s->dir.fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* A tree from YAML, of a file that is called "in". */
static inline struct node *
scratch_yaml(struct arena *arena, const char *text)
{
	struct error err = { 0 };
	struct node *node = NULL;

	cr_assert(yaml_read(&node, arena, text_of(text), "in", 1, &err) == 0,
	    "%s", err.text);
	return node;
}

/* Expect a failure of that kind, in these words, and forget it. */
static inline void
scratch_expect(int result, struct error *err, enum error_kind kind,
    const char *text)
{
	cr_expect(eq(int, result, -1), "%s", text);
	cr_expect(eq(int, (int)err->kind, (int)kind), "%s", text);
	SCRATCH_SAME(err->text, text);
	*err = (struct error){ 0 };
}

/* Run the function in a process of its own; return its exit status, -1 where
 * a signal ended it, and what it wrote to standard error. */
static inline int
scratch_fork(void (*function)(void), char *out, size_t size)
{
	int pipes[2], status = 0;
	ssize_t count;
	size_t len = 0;
	pid_t child;

	cr_assert(pipe(pipes) == 0);
	child = fork();
	cr_assert(child >= 0);
	if (child == 0) {
		dup2(pipes[1], STDERR_FILENO);
		close(pipes[0]);
		close(pipes[1]);
		function();
		_exit(0);
	}
	close(pipes[1]);
	while (len + 1 < size &&
	       (count = read(pipes[0], out + len, size - len - 1)) > 0)
		len += (size_t)count;
	out[len] = '\0';
	close(pipes[0]);
	cr_assert(waitpid(child, &status, 0) == child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#endif
