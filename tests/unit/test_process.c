#include "lib/base/process.h"

#include <signal.h>

#include "tests/unit/scratch.h"

static struct error err;

static int
run(const char *script, struct process *out)
{
	char sh[] = "sh", c[] = "-c", text[200];
	char *argv[] = { sh, c, text, NULL };

	snprintf(text, sizeof(text), "%s", script);
	return process_run(out, argv, environ, &err);
}

Test(process, status_is_the_programs)
{
	struct process process;

	cr_assert(run("exit 0", &process) == 0);
	cr_expect(eq(int, process.status, 0));
	cr_assert(run("exit 3", &process) == 0);
	cr_expect(eq(int, process.status, 3));
	cr_assert(run("kill -9 $$", &process) == 0);
	cr_expect(eq(int, process.status, 137));
	cr_expect(eq(int, process.signal, 9));
}

Test(process, that_is_not_there_is_told_apart)
{
	struct process process;
	char none[] = "no-such-program", folder[] = "/tmp";
	char *argv[] = { none, NULL };

	cr_expect(process_run(&process, argv, environ, &err) < 0);
	cr_expect(eq(int, process.status, 127));
	SCRATCH_SAME(err.text,
	    "cannot run 'no-such-program': No such file or directory");
	argv[0] = folder;
	cr_expect(process_run(&process, argv, environ, &err) < 0);
	cr_expect(eq(int, process.status, 126));
}

Test(process, counts_the_time_of_children_too)
{
	struct process idle, busy;

	cr_assert(run("exit 0", &idle) == 0);
	cr_assert(run("sh -c 'i=0; while [ $i -lt 60000 ]; do "
		      "i=$((i+1)); done'; exit 0",
		      &busy) == 0);
	cr_expect(busy.user_micros + busy.system_micros >
		  idle.user_micros + idle.system_micros);
	cr_expect(busy.user_micros > 0);
	cr_expect(busy.peak_bytes > 100000);
}

Test(process, signals_are_passed_on, .timeout = 20)
{
	struct process process;
	pid_t parent = getpid(), child;

	child = fork();
	if (child == 0) {
		usleep(300000);
		kill(parent, SIGTERM);
		_exit(0);
	}
	cr_assert(run("exec sleep 15", &process) == 0);
	cr_expect(eq(int, process.status, 128 + SIGTERM));
	waitpid(child, NULL, 0);
}

Test(process, inherits_no_signal_that_is_ignored)
{
	struct process process;

	signal(SIGPIPE, SIG_IGN);
	cr_assert(run("kill -PIPE $$; exit 0", &process) == 0);
	cr_expect(eq(int, process.signal, SIGPIPE));
}
