#include "lib/base/process.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/utf8.h"

enum {
	STATUS_NOT_FOUND = 127,
	STATUS_NOT_RUN = 126,
	SHOWN_NAME = 200,
};

static int64_t
micros(struct timeval time)
{
	return (int64_t)time.tv_sec * 1000000 + time.tv_usec;
}

static void
take_usage(struct process *out, int status, const struct rusage *used)
{
	out->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	out->status =
	    out->signal != 0 ? 128 + out->signal : WEXITSTATUS(status);
	out->user_micros = micros(used->ru_utime);
	out->system_micros = micros(used->ru_stime);
	out->peak_bytes = (int64_t)used->ru_maxrss * 1024;
}

static void
pass_on(pid_t child, const siginfo_t *info)
{
	if (info->si_signo == SIGTERM || info->si_signo == SIGHUP ||
	    (info->si_signo == SIGINT && info->si_code <= 0))
		kill(child, info->si_signo);
}

/* Wait for the child's end, and for signals meanwhile. */
static int
wait_for(struct process *out, pid_t child, const sigset_t *signals,
    struct error *err)
{
	struct rusage used;
	siginfo_t info;
	pid_t ended;
	int status;

	for (;;) {
		ended = wait4(child, &status, WNOHANG, &used);
		if (ended < 0 && errno != EINTR)
			return error_errno(err, ERROR_IO,
			    "cannot wait for the command");
		if (ended == child)
			break;
		if (sigwaitinfo(signals, &info) > 0)
			pass_on(child, &info);
	}
	take_usage(out, status, &used);
	return 0;
}

static int
refuse(struct process *out, const char *name, int reason, struct error *err)
{
	struct buf shown = BUF_INIT;

	out->status = reason == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_RUN;
	utf8_escape(&shown, name, strlen(name), UTF8_ASCII, SHOWN_NAME);
	errno = reason;
	error_errno(err, ERROR_NO_INPUT, "cannot run '%s'", shown.text);
	buf_release(&shown);
	return -1;
}

/*
 * Start the program with the signals that we found, those that meter ignores
 * being as they are at the start of a program.  Return 0 or an errno.
 */
static int
start(pid_t *child, char *const *argv, char *const *environment,
    const sigset_t *mask)
{
	posix_spawnattr_t attributes;
	sigset_t ignored;
	int reason;

	sigemptyset(&ignored);
	sigaddset(&ignored, SIGPIPE);
	sigaddset(&ignored, SIGXFSZ);
	reason = posix_spawnattr_init(&attributes);
	if (reason != 0)
		return reason;
	posix_spawnattr_setsigdefault(&attributes, &ignored);
	posix_spawnattr_setsigmask(&attributes, mask);
	posix_spawnattr_setflags(&attributes,
	    POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	reason =
	    posix_spawnp(child, argv[0], NULL, &attributes, argv, environment);
	posix_spawnattr_destroy(&attributes);
	return reason;
}

int
process_run(struct process *out, char *const *argv, char *const *environment,
    struct error *err)
{
	sigset_t signals, mask;
	int result, reason;
	pid_t child;

	*out = (struct process){ .status = STATUS_NOT_RUN };
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGQUIT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigprocmask(SIG_BLOCK, &signals, &mask);
	reason = start(&child, argv, environment, &mask);
	if (reason != 0)
		result = refuse(out, argv[0], reason, err);
	else
		result = wait_for(out, child, &signals, err);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	return result;
}
