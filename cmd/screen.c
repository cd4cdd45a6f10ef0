#include "cmd/screen.h"

#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "lib/base/error.h"
#include "lib/base/file.h"

enum {
	DEFAULT_ROWS = 24,
	DEFAULT_COLUMNS = 80,
};

/* Those that end or stop the process, unless whoever started it says no. */
static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };

static void
take_size(struct screen *screen)
{
	struct winsize size = { 0 };

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	screen->size.rows = size.ws_row > 0 ? size.ws_row : DEFAULT_ROWS;
	screen->size.columns = size.ws_col > 0 ? size.ws_col : DEFAULT_COLUMNS;
	screen->is_known = false;
}

static int
write_all(const struct buf *text)
{
	return file_write_all(STDOUT_FILENO,
	    (struct text){ text->text, text->len });
}

/* What is typed is not to be seen in the panel. */
static void
enter(struct screen *screen)
{
	struct buf text = BUF_INIT;
	struct termios quiet;

	if (tcgetattr(STDOUT_FILENO, &screen->termios) == 0) {
		quiet = screen->termios;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		screen->has_termios =
		    tcsetattr(STDOUT_FILENO, TCSADRAIN, &quiet) == 0;
	}
	panel_enter(&text);
	write_all(&text);
	buf_release(&text);
	take_size(screen);
}

static void
leave(struct screen *screen)
{
	struct buf text = BUF_INIT;
	void (*handler)(int);

	panel_leave(&text);
	write_all(&text);
	buf_release(&text);
	if (!screen->has_termios)
		return;
	/* Where the process is in the background this must not stop it. */
	handler = signal(SIGTTOU, SIG_IGN);
	tcsetattr(STDOUT_FILENO, TCSADRAIN, &screen->termios);
	signal(SIGTTOU, handler);
	screen->has_termios = false;
}

int
screen_open(struct screen *screen, bool is_panel, struct error *err)
{
	struct sigaction action;
	sigset_t set;

	*screen = (struct screen)SCREEN_NONE;
	screen->is_panel = is_panel;
	if (!is_panel)
		return 0;
	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	sigaddset(&set, SIGCONT);
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
		if (sigaction(ending[i], NULL, &action) == 0 &&
		    action.sa_handler != SIG_IGN)
			sigaddset(&set, ending[i]);
	screen->signals = signalfd(-1, &set, SFD_CLOEXEC);
	if (screen->signals < 0)
		return error_errno(err, ERROR_IO, "cannot wait for signals");
	sigprocmask(SIG_BLOCK, &set, &screen->mask);
	enter(screen);
	return 0;
}

void
screen_close(struct screen *screen)
{
	if (screen->is_panel && screen->signals >= 0) {
		leave(screen);
		close(screen->signals);
		sigprocmask(SIG_SETMASK, &screen->mask, NULL);
	}
	screen->signals = -1;
	buf_release(&screen->frame);
}

int
screen_draw(struct screen *screen, const char *text, size_t tail)
{
	struct buf frame = BUF_INIT, bytes = BUF_INIT;
	int result;

	panel_fit(&frame, text, screen->size, tail);
	panel_draw(&bytes, frame.text,
	    screen->is_known ? screen->frame.text : NULL);
	result = write_all(&bytes);
	buf_release(&bytes);
	buf_release(&screen->frame);
	screen->frame = frame;
	screen->is_known = true;
	return result;
}

/* Stop as if nothing stood between the process and the signal. */
static void
stop(struct screen *screen)
{
	sigset_t set;

	leave(screen);
	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	raise(SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	sigprocmask(SIG_BLOCK, &set, NULL);
	enter(screen);
}

static enum screen_event
take_signal(struct screen *screen, int *signal)
{
	struct signalfd_siginfo info;

	if (TEMP_FAILURE_RETRY(read(screen->signals, &info, sizeof(info))) !=
	    sizeof(info))
		return SCREEN_CHANGED;
	if (info.ssi_signo == SIGWINCH) {
		take_size(screen);
	} else if (info.ssi_signo == SIGTSTP) {
		stop(screen);
	} else if (info.ssi_signo == SIGCONT) {
		leave(screen);
		enter(screen);
	} else {
		*signal = (int)info.ssi_signo;
		return SCREEN_ENDED;
	}
	return SCREEN_CHANGED;
}

enum screen_event
screen_wait(struct screen *screen, int fd, int *signal)
{
	struct pollfd fds[] = { { screen->signals, POLLIN, 0 },
		{ STDOUT_FILENO, 0, 0 }, { fd, POLLIN, 0 } };

	if (TEMP_FAILURE_RETRY(poll(fds, 3, -1)) < 0)
		return SCREEN_READABLE;
	if (fds[0].revents)
		return take_signal(screen, signal);
	if (fds[1].revents) {
		*signal = SIGPIPE;
		return SCREEN_ENDED;
	}
	return SCREEN_READABLE;
}
