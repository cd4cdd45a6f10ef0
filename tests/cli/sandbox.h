#ifndef METER_TESTS_SANDBOX_H
#define METER_TESTS_SANDBOX_H

/*
 * A fresh folder to run shell commands in, with `meter` on the PATH, a fixed
 * clock and nothing else in the environment.
 */

#include <limits.h>

#include "lib/base/buf.h"

struct sandbox {
	char root[64];		/* holds bin/meter, the two outputs, work/ */
	char work[80];	/* where the commands run */
};

/* What a command came to. */
struct sandbox_result {
	int status;		/* as $? has it: 128 + a signal */
	struct buf out;
	struct buf err;
};

/* The test fails where the folder cannot be made. */
void sandbox_open(struct sandbox *sandbox);

/* Remove the folder with all that is in it. */
void sandbox_close(struct sandbox *sandbox);

/* Run command with sh(1); release the result with sandbox_forget. */
void sandbox_run(struct sandbox_result *result, const struct sandbox *sandbox,
    const char *command);
void sandbox_forget(struct sandbox_result *result);

/* Read the file at path into out; return -1 where it cannot be read. */
int sandbox_read(struct buf *out, const char *path);

/* Write len bytes to the file at path; the test fails where that fails. */
void sandbox_write(const char *path, const char *data, size_t len);

/*
 * Run argv with the output, and the errors, in the files named (the same one
 * where they are equal), standard input empty; return the status as $? has it.
 */
int sandbox_spawn(const char *const *argv, const char *const *environment,
    const char *folder, const char *out, const char *err);

#endif
