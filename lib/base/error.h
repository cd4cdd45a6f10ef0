#ifndef METER_BASE_ERROR_H
#define METER_BASE_ERROR_H

/*
 * An error is a value that its caller owns: what went wrong, of which kind,
 * in words fit to print.  A function that can fail takes a struct error last
 * and returns 0, or -1 with *err set; on success it leaves *err alone.
 * Nothing here prints, and nothing is allocated.
 */

#include <stddef.h>

/* One kind for each exit status of DESIGN.md 3; cmd/ maps one to the other. */
enum error_kind {
	ERROR_NONE,
	ERROR_USAGE,	/* the command line is wrong */
	ERROR_DATA,	/* input or a stored file is wrong */
	ERROR_NO_INPUT,	/* a named input cannot be read, or is not there */
	ERROR_CREATE,	/* a file cannot be created */
	ERROR_IO,	/* reading or writing failed */
	ERROR_BUSY,	/* the lock was not to be had in time */
	ERROR_CONFIG,	/* meter.yaml or a rate table is wrong */
};

struct error {
	enum error_kind kind;
	char text[1024];
};

/*
 * Describe a failure in *err, as printf does, and return -1, so that
 * `return error_set(err, …)` reads as one thought.  Text that does not fit is
 * cut.  The text starts lower-case and has no full stop.
 */
int error_set(struct error *err, enum error_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As error_set, with ": " and the meaning of errno behind the text. */
int error_errno(struct error *err, enum error_kind kind, const char *format,
    ...) __attribute__((format(printf, 3, 4)));

#endif
