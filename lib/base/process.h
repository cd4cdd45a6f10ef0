#ifndef METER_BASE_PROCESS_H
#define METER_BASE_PROCESS_H

/*
 * Running another program, and what it used.
 */

#include <stdint.h>

struct error;

struct process {
	int status;		/* as a shell says it: 128 + signal */
	int signal;		/* 0 where it ended by itself */
	int64_t user_micros;	/* its own, and its children's it waited for */
	int64_t system_micros;
	int64_t peak_bytes;	/* of memory, of the largest of them */
};

/*
 * Run argv, which ends in NULL, found along PATH, in an environment, and wait
 * for its end.
 * SIGTERM and SIGHUP that arrive meanwhile are passed on to it, and so is
 * a SIGINT that does not come from the terminal, which reaches it by itself.
 * Not to be run: ERROR_NO_INPUT, with status 127 where there is no such
 * program and 126 otherwise.
 */
int process_run(struct process *out, char *const *argv,
    char *const *environment, struct error *err);

#endif
