#include "lib/base/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/time.h>
#include <unistd.h>

#include "lib/base/dir.h"
#include "lib/base/error.h"

/* A signal handler can tell nobody else: set while a wait is to end. */
static volatile sig_atomic_t rang;

static void
on_alarm(int signal)
{
	(void)signal;
	rang = 1;
}

/*
 * Wait in the kernel, which serves those who wait in turn, and let a timer
 * end it.  The timer rings again and again, lest its only signal come just
 * before the wait.  Returns 0, or -1 with errno EWOULDBLOCK when the time is
 * over.
 */
static int
wait_for_lock(int fd, int seconds)
{
	const struct itimerval never = { { 0, 0 }, { 0, 0 } };
	const struct itimerval timer = { { 0, 100000 }, { seconds, 0 } };
	struct sigaction ring = { .sa_handler = on_alarm }, before;
	sigset_t alarms, mask;
	int result, reason;

	rang = 0;
	/* Whoever started us may have blocked it, which children inherit. */
	sigemptyset(&alarms);
	sigaddset(&alarms, SIGALRM);
	sigaction(SIGALRM, &ring, &before);
	sigprocmask(SIG_UNBLOCK, &alarms, &mask);
	setitimer(ITIMER_REAL, &timer, NULL);
	do
		result = flock(fd, LOCK_EX);
	while (result < 0 && errno == EINTR && !rang);
	reason = errno;
	setitimer(ITIMER_REAL, &never, NULL);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	sigaction(SIGALRM, &before, NULL);
	errno = reason == EINTR ? EWOULDBLOCK : reason;
	return result;
}

static int
take(int fd, int seconds)
{
	int result;

	result = (int)TEMP_FAILURE_RETRY(flock(fd, LOCK_EX | LOCK_NB));
	if (result == 0 || errno != EWOULDBLOCK || seconds == 0)
		return result;
	return wait_for_lock(fd, seconds);
}

static void
block_signals(struct lock *lock)
{
	sigset_t ending;

	sigemptyset(&ending);
	sigaddset(&ending, SIGINT);
	sigaddset(&ending, SIGTERM);
	sigaddset(&ending, SIGHUP);
	sigprocmask(SIG_BLOCK, &ending, &lock->signals);
}

int
lock_take(struct lock *lock, const struct dir *dir, const char *name,
    int seconds, struct error *err)
{
	int fd;

	fd = dir_openat(dir->fd, name,
	    O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && errno == ELOOP)
		return dir_refuse(err, "is not a regular file", dir, name);
	if (fd < 0)
		return dir_fail(err, ERROR_CREATE, "create", dir, name);
	if (take(fd, seconds) < 0) {
		dir_fail(err, errno == EWOULDBLOCK ? ERROR_BUSY : ERROR_IO,
		    errno == EWOULDBLOCK
			? "have the lock in time (another meter holds it)"
			: "lock",
		    dir, name);
		close(fd);
		return -1;
	}
	lock->fd = fd;
	block_signals(lock);
	return 0;
}

void
lock_give(struct lock *lock)
{
	if (lock->fd < 0)
		return;
	close(lock->fd);
	lock->fd = -1;
	sigprocmask(SIG_SETMASK, &lock->signals, NULL);
}
