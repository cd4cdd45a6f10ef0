#ifndef METER_CMD_SCREEN_H
#define METER_CMD_SCREEN_H

/*
 * Standard output as a place where something is shown that changes: a panel
 * on a terminal, or one answer after the other.  Here is who waits, and who
 * leaves the terminal as it was, whatever ends the process.
 */

#include <signal.h>
#include <stdbool.h>
#include <termios.h>

#include "lib/base/buf.h"
#include "lib/render/panel.h"

struct error;

struct screen {
	bool is_panel;
	struct panel_size size;	/* of the window */
	struct buf frame;	/* what stands in it */
	bool is_known;	/* whether it does */
	int signals;	/* a descriptor; -1 where they do as always */
	sigset_t mask;	/* from before */
	bool has_termios;	/* it was changed */
	struct termios termios;	/* from before */
};

#define SCREEN_NONE { .frame = BUF_INIT, .signals = -1 }

/* What was waited for. */
enum screen_event {
	SCREEN_READABLE, /* the descriptor that was given */
	SCREEN_CHANGED, /* the window, or what stands in it */
	SCREEN_ENDED, /* by a signal, or nobody reads any more */
};

/* Make the panel ready, where that is asked for. */
int screen_open(struct screen *screen, bool is_panel, struct error *err);

/* Leave the terminal as it was. */
void screen_close(struct screen *screen);

/* Draw a panel, the last tail lines of which are to be seen in any case.
 * -1 with errno set where it cannot be written. */
int screen_draw(struct screen *screen, const char *text, size_t tail);

/*
 * Wait, with no limit of time.  Where a signal ended it, *signal is that one,
 * SIGPIPE where nobody reads any more; it is to be raised by who is done.
 */
enum screen_event screen_wait(struct screen *screen, int fd, int *signal);

#endif
