#include "tests/cli/sandbox.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	NOT_STARTED = 126,
	BY_SIGNAL = 128,
};

static void
redirect(int to, const char *path, int flags)
{
	int fd = open(path, flags, 0600);

	if (fd < 0 || dup2(fd, to) < 0)
		_exit(NOT_STARTED);
	close(fd);
}

/* execve(2) would not change them, but its types do not say so. */
static char **
copy_words(const char *const *words)
{
	static const size_t max = 64;
	char **copy = calloc(max + 1, sizeof(*copy));

	if (!copy)
		_exit(NOT_STARTED);
	for (size_t i = 0; words[i] && i < max; i++)
		copy[i] = strdup(words[i]);
	return copy;
}

/* Nothing of the test's own reaches the program: no descriptor but three. */
static void
become(const char *const *argv, const char *const *environment,
    const char *folder, const char *out, const char *err)
{
	redirect(STDIN_FILENO, "/dev/null", O_RDONLY);
	redirect(STDOUT_FILENO, out, O_WRONLY | O_CREAT | O_TRUNC);
	if (strcmp(out, err) == 0)
		dup2(STDOUT_FILENO, STDERR_FILENO);
	else
		redirect(STDERR_FILENO, err, O_WRONLY | O_CREAT | O_TRUNC);
	close_range(STDERR_FILENO + 1, ~0U, 0);
	if (chdir(folder) < 0)
		_exit(NOT_STARTED);
	execve(argv[0], copy_words(argv), copy_words(environment));
	_exit(NOT_STARTED);
}

int
sandbox_spawn(const char *const *argv, const char *const *environment,
    const char *folder, const char *out, const char *err)
{
	pid_t child = fork(), ended;
	int status;

	cr_assert(child >= 0, "fork: %s", strerror(errno));
	if (child == 0)
		become(argv, environment, folder, out, err);
	do
		ended = waitpid(child, &status, 0);
	while (ended < 0 && errno == EINTR);
	cr_assert(ended == child, "waitpid: %s", strerror(errno));
	return WIFEXITED(status) ? WEXITSTATUS(status)
				 : BY_SIGNAL + WTERMSIG(status);
}

static void
remove_tree(const char *path)
{
	const char *const argv[] = { "/bin/rm", "-rf", "--", path, NULL };
	const char *const environment[] = { NULL };

	sandbox_spawn(argv, environment, "/", "/dev/null", "/dev/null");
}

void
sandbox_open(struct sandbox *sandbox)
{
	const char *meter = getenv("METER");
	char path[PATH_MAX];

	cr_assert(meter && *meter == '/', "METER must be the program's path");
	snprintf(sandbox->root, sizeof(sandbox->root),
	    "/tmp/meter-test-XXXXXX");
	cr_assert(mkdtemp(sandbox->root), "mkdtemp: %s", strerror(errno));
	snprintf(path, sizeof(path), "%s/bin", sandbox->root);
	cr_assert(mkdir(path, 0700) == 0);
	snprintf(path, sizeof(path), "%s/bin/meter", sandbox->root);
	cr_assert(symlink(meter, path) == 0);
	snprintf(sandbox->work, sizeof(sandbox->work), "%s/work",
	    sandbox->root);
	cr_assert(mkdir(sandbox->work, 0700) == 0);
}

void
sandbox_close(struct sandbox *sandbox)
{
	remove_tree(sandbox->root);
}

/* What hangs ends after a minute, with all that it has started. */
void
sandbox_run(struct sandbox_result *result, const struct sandbox *sandbox,
    const char *command)
{
	const char *const argv[] = { "/usr/bin/timeout", "-k", "1", "60",
		"/bin/sh", "-c", command, NULL };
	char path[PATH_MAX], home[PATH_MAX], out[PATH_MAX], err[PATH_MAX];
	const char *const environment[] = { path, home,
		"METER_NOW=2026-11-22T08:00:00Z", NULL };

	snprintf(path, sizeof(path), "PATH=%s/bin:/usr/bin:/bin",
	    sandbox->root);
	snprintf(home, sizeof(home), "HOME=%s", sandbox->root);
	snprintf(out, sizeof(out), "%s/out", sandbox->root);
	snprintf(err, sizeof(err), "%s/err", sandbox->root);
	result->out = (struct buf)BUF_INIT;
	result->err = (struct buf)BUF_INIT;
	result->status =
	    sandbox_spawn(argv, environment, sandbox->work, out, err);
	cr_assert(sandbox_read(&result->out, out) == 0);
	cr_assert(sandbox_read(&result->err, err) == 0);
}

void
sandbox_forget(struct sandbox_result *result)
{
	buf_release(&result->out);
	buf_release(&result->err);
}

int
sandbox_read(struct buf *out, const char *path)
{
	char chunk[4096];
	ssize_t count;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	while ((count = read(fd, chunk, sizeof(chunk))) > 0)
		buf_add(out, chunk, (size_t)count);
	close(fd);
	return count < 0 ? -1 : 0;
}

void
sandbox_write(const char *path, const char *data, size_t len)
{
	FILE *file = fopen(path, "w");

	cr_assert(file, "%s: %s", path, strerror(errno));
	cr_assert(fwrite(data, 1, len, file) == len);
	cr_assert(fclose(file) == 0);
}
