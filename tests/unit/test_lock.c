#include "lib/base/lock.h"

#include <errno.h>
#include <signal.h>
#include <sys/file.h>
#include <time.h>

#include "tests/unit/scratch.h"

static struct scratch s;
static struct lock lock = LOCK_NONE;
static volatile sig_atomic_t arrived;

static void
begin(void)
{
	scratch_begin(&s);
	lock = (struct lock)LOCK_NONE;
}

static void
end(void)
{
	lock_give(&lock);
	scratch_end(&s);
}

TestSuite(lock, .init = begin, .fini = end, .timeout = 20);

static void
note_signal(int signal)
{
	(void)signal;
	arrived++;
}

/* Have another process hold the lock for some milliseconds. */
static pid_t
hold_elsewhere(int milliseconds)
{
	int pipes[2];
	pid_t child;
	char ready;

	cr_assert(pipe(pipes) == 0);
	child = fork();
	cr_assert(child >= 0);
	if (child == 0) {
		if (lock_take(&lock, &s.dir, ".lock", 0, &s.err) < 0 ||
		    write(pipes[1], "r", 1) != 1)
			_exit(1);
		usleep((useconds_t)milliseconds * 1000);
		_exit(0); /* The kernel gives the lock back. */
	}
	cr_assert(read(pipes[0], &ready, 1) == 1);
	close(pipes[0]);
	close(pipes[1]);
	return child;
}

static double
seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

Test(lock, is_taken_and_given_again_and_again)
{
	for (int i = 0; i < 3; i++) {
		cr_expect(
		    eq(int, lock_take(&lock, &s.dir, ".lock", 0, &s.err), 0));
		cr_expect(lock.fd >= 0);
		lock_give(&lock);
		cr_expect(eq(int, lock.fd, -1));
		lock_give(&lock);
	}
	cr_expect(text_is(scratch_read(&s, ".lock"), ""));
}

Test(lock, leaves_the_bytes_of_its_file_alone)
{
	scratch_write(&s, ".lock", "of somebody");
	cr_expect(eq(int, lock_take(&lock, &s.dir, ".lock", 0, &s.err), 0));
	lock_give(&lock);
	cr_expect(text_is(scratch_read(&s, ".lock"), "of somebody"));
}

Test(lock, held_by_another_process_is_busy_at_once_without_waiting)
{
	pid_t child = hold_elsewhere(5000);
	double start = seconds_now();

	scratch_expect(lock_take(&lock, &s.dir, ".lock", 0, &s.err), &s.err,
	    ERROR_BUSY,
	    "box/.lock: cannot have the lock in time (another meter holds it)"
	    ": Resource temporarily unavailable");
	cr_expect(eq(int, lock.fd, -1));
	cr_expect(lt(dbl, seconds_now() - start, 1.0));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

Test(lock, is_waited_for_no_longer_than_told)
{
	pid_t child = hold_elsewhere(15000);
	double start = seconds_now();

	cr_expect(eq(int, lock_take(&lock, &s.dir, ".lock", 1, &s.err), -1));
	cr_expect(eq(int, (int)s.err.kind, ERROR_BUSY));
	cr_expect(ge(dbl, seconds_now() - start, 0.9));
	cr_expect(lt(dbl, seconds_now() - start, 5.0));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

Test(lock, is_had_once_its_holder_is_gone)
{
	pid_t child = hold_elsewhere(300);
	int status = -1;

	cr_expect(eq(int, lock_take(&lock, &s.dir, ".lock", 10, &s.err), 0));
	cr_expect(lock.fd >= 0);
	cr_assert(waitpid(child, &status, 0) == child);
	cr_expect(eq(int, status, 0));
}

Test(lock, waiting_puts_the_alarm_back_as_it_was)
{
	struct sigaction mine = { .sa_handler = note_signal }, now;
	pid_t child = hold_elsewhere(15000);

	sigaction(SIGALRM, &mine, NULL);
	cr_expect(eq(int, lock_take(&lock, &s.dir, ".lock", 1, &s.err), -1));
	usleep(300000);
	cr_expect(eq(int, arrived, 0));
	sigaction(SIGALRM, NULL, &now);
	cr_expect(now.sa_handler == note_signal);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

/* A signal that only interrupts does not end the wait. */
Test(lock, waiting_goes_on_after_a_signal)
{
	struct sigaction mine = { .sa_handler = note_signal };
	pid_t child, holder = hold_elsewhere(600), me = getpid();

	sigaction(SIGUSR1, &mine, NULL);
	child = fork();
	if (child == 0) {
		usleep(200000);
		kill(me, SIGUSR1);
		_exit(0);
	}
	cr_expect(eq(int, lock_take(&lock, &s.dir, ".lock", 10, &s.err), 0));
	cr_expect(eq(int, arrived, 1));
	waitpid(child, NULL, 0);
	waitpid(holder, NULL, 0);
}

Test(lock, defers_the_ending_signals_while_it_is_held)
{
	static const int ending[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction mine = { .sa_handler = note_signal };

	for (size_t i = 0; i < SCRATCH_COUNT(ending); i++) {
		sigaction(ending[i], &mine, NULL);
		arrived = 0;
		cr_assert(lock_take(&lock, &s.dir, ".lock", 0, &s.err) == 0);
		raise(ending[i]);
		cr_expect(eq(int, arrived, 0), "%d", ending[i]);
		lock_give(&lock);
		cr_expect(eq(int, arrived, 1), "%d", ending[i]);
	}
}

Test(lock, gives_back_the_signal_mask_from_before)
{
	sigset_t before, after;

	sigemptyset(&before);
	sigaddset(&before, SIGTERM);
	sigprocmask(SIG_SETMASK, &before, NULL);
	cr_assert(lock_take(&lock, &s.dir, ".lock", 0, &s.err) == 0);
	lock_give(&lock);
	sigprocmask(SIG_SETMASK, NULL, &after);
	cr_expect(eq(int, sigismember(&after, SIGTERM), 1));
	cr_expect(eq(int, sigismember(&after, SIGINT), 0));
}

Test(lock, that_fails_leaves_the_signals_alone)
{
	pid_t child = hold_elsewhere(5000);
	sigset_t after;

	cr_expect(eq(int, lock_take(&lock, &s.dir, ".lock", 0, &s.err), -1));
	sigprocmask(SIG_SETMASK, NULL, &after);
	cr_expect(eq(int, sigismember(&after, SIGTERM), 0));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

/* flock(1) and other programs take the same lock. */
Test(lock, is_the_lock_that_flock_takes)
{
	int fd;

	cr_assert(lock_take(&lock, &s.dir, ".lock", 0, &s.err) == 0);
	fd = openat(s.dir.fd, ".lock", O_RDONLY);
	cr_expect(eq(int, flock(fd, LOCK_EX | LOCK_NB), -1));
	lock_give(&lock);
	cr_expect(eq(int, flock(fd, LOCK_EX | LOCK_NB), 0));
	close(fd);
}

Test(lock, is_no_link_and_no_folder)
{
	cr_assert(symlinkat("elsewhere", s.dir.fd, "link") == 0);
	scratch_expect(lock_take(&lock, &s.dir, "link", 0, &s.err), &s.err,
	    ERROR_DATA, "box/link: is not a regular file");
	cr_expect(not(scratch_has(&s, "elsewhere")));
	cr_assert(mkdirat(s.dir.fd, "folder", 0700) == 0);
	scratch_expect(lock_take(&lock, &s.dir, "folder", 0, &s.err), &s.err,
	    ERROR_CREATE, "box/folder: cannot create: Is a directory");
	cr_expect(eq(int, lock.fd, -1));
}
