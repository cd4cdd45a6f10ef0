/*
 * The command line's frame: the options before the command, the table of
 * commands, and the one place where output is written.
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "cmd/session.h"
#include "lib/base/file.h"

#ifndef METER_VERSION
#define METER_VERSION "0.1.0"
#endif

static const char synopsis[] = "meter [-C DIR] COMMAND [ARGUMENT ...]\n"
			       "       meter help [COMMAND]\n"
			       "       meter --version";

/*
 * A descriptor that is closed must not become a data file's: what we print
 * would go into it.  In a closed standard output's place stands one that
 * cannot be written either, so that an answer is not lost without a word.
 */
static void
open_standard_streams(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
		if (fd == STDOUT_FILENO) {
			close(fd);
			fd = open("/dev/null", O_RDONLY);
		}
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

/* A file size limit and a closed pipe are errors of write(2), not ends. */
static void
ignore_signals(void)
{
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
}

static void
list_commands(struct buf *out)
{
	for (size_t i = 0; i < commands_count; i++)
		buf_printf(out, "  %-19s %s\n", commands[i].name,
		    commands[i].summary);
}

/*
 * The command that the words name; *words is how many of them.  One of two
 * words comes before one of one.
 */
static const struct command *
find_command(int argc, char **argv, int *words)
{
	const struct command *found = NULL;
	char two[80] = "";

	if (argc > 1)
		snprintf(two, sizeof(two), "%s %s", argv[0], argv[1]);
	for (size_t i = 0; i < commands_count; i++) {
		if (strcmp(commands[i].name, two) == 0) {
			*words = 2;
			return &commands[i];
		}
		if (strcmp(commands[i].name, argv[0]) == 0) {
			*words = 1;
			found = &commands[i];
		}
	}
	return found;
}

/* Whether word is the first of some command's two. */
static bool
is_first_word(const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i < commands_count; i++)
		if (strncmp(commands[i].name, word, len) == 0 &&
		    commands[i].name[len] == ' ')
			return true;
	return false;
}

/* `meter plan` and `meter plan foo`: show what there is. */
static int
refuse_incomplete(struct session *session, const char *word, bool asks)
{
	size_t len = strlen(word);
	struct buf list = BUF_INIT;

	for (size_t i = 0; i < commands_count; i++)
		if (strncmp(commands[i].name, word, len) == 0 &&
		    commands[i].name[len] == ' ')
			buf_printf(&list, "  meter %-19s %s\n",
			    commands[i].name, commands[i].summary);
	if (asks)
		buf_printf(&session->out, "usage: meter %s COMMAND ...\n%s",
		    word, list.text);
	else
		fprintf(stderr,
		    "meter: %s needs to be told what to do; one of:\n%s", word,
		    list.text);
	buf_release(&list);
	return asks ? EX_OK : EX_USAGE;
}

/* Run `meter-WORD` from PATH; return only where there is none. */
static void
run_external(char **argv)
{
	char name[256];
	char *word = argv[0];

	if (strchr(word, '/') || (size_t)snprintf(name, sizeof(name),
				     "meter-%s", word) >= sizeof(name))
		return;
	argv[0] = name;
	execvp(name, argv);
	argv[0] = word;
}

static const char *
first_word(struct session *session, const char *name)
{
	return arena_copy(&session->arena, name, strcspn(name, " "));
}

static int
refuse_unknown(struct session *session, char **argv)
{
	const char *names[64], *near;
	struct buf shown = BUF_INIT;
	size_t count = 0;

	run_external(argv);
	for (size_t i = 0; i < commands_count && count < 64; i++)
		names[count++] = first_word(session, commands[i].name);
	near = opt_nearest(argv[0], names, count);
	utf8_escape(&shown, argv[0], strlen(argv[0]), UTF8_ASCII, 60);
	error_set(&session->err, ERROR_USAGE, "there is no command '%s'%s%s%s",
	    shown.text, near ? "; did you mean '" : "", near ? near : "",
	    near ? "'?" : "");
	buf_release(&shown);
	return session_fail(session);
}

static bool
is_help(const char *word)
{
	return strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0;
}

/* Run the command that argv names in an open session. */
static int
run_command(struct session *session, const char *dir, int argc, char **argv)
{
	const struct command *command;
	int words = 0;

	if (argc == 0) {
		fprintf(stderr, "usage: %s\n", synopsis);
		return EX_USAGE;
	}
	command = find_command(argc, argv, &words);
	if (!command && is_first_word(argv[0]))
		return refuse_incomplete(session, argv[0],
		    argc > 1 && is_help(argv[1]));
	if (!command)
		return refuse_unknown(session, argv);
	session->command =
	    arena_printf(&session->arena, "meter %s", command->name);
	if (command->needs & (NEEDS_WORKSPACE | WANTS_WORKSPACE) &&
	    session_open_workspace(session, dir) < 0 &&
	    command->needs & NEEDS_WORKSPACE)
		return session_fail(session);
	return command->run(session, argc - words + 1, argv + words - 1);
}

/*
 * Write what the command has to say.  Where something has been recorded, a
 * failure here is only a warning: a script that saw it fail would record it
 * again.  A reader that went away is no error to shout about.
 */
static int
write_output(struct session *session, int status)
{
	struct text out = { session->out.text, session->out.len };

	fputs(session->notes.text, stderr);
	if (file_write_all(STDOUT_FILENO, out) == 0 &&
	    (close(STDOUT_FILENO) == 0 || errno == EINTR))
		return status;
	if (errno == EPIPE && !session->has_committed) {
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
	if (errno != EPIPE)
		fprintf(stderr, "meter: cannot write the output: %s\n",
		    strerrordesc_np(errno));
	return session->has_committed ? status : EX_IOERR;
}

/* Take the options before the command; return false where that is all. */
static bool
take_options(struct session *session, const char **dir, int *argc, char **argv,
    int *status)
{
	bool version = false;
	const struct opt options[] = {
		OPT_STRING('C', "directory", dir, "DIR",
		    "work in DIR, which is then the workspace"),
		OPT_FLAG('\0', "version", &version, "print the version"),
		OPT_END,
	};
	enum opt_result result;

	result = opt_parse_leading(options, &session->arena, argc, argv,
	    &session->err);
	*status = EX_OK;
	if (result == OPT_FAILED) {
		*status = session_fail(session);
	} else if (result == OPT_HELP) {
		opt_usage(&session->out, synopsis, options);
		buf_puts(&session->out, "\ncommands:\n");
		list_commands(&session->out);
	} else if (version) {
		buf_puts(&session->out, "meter " METER_VERSION "\n");
	}
	return result == OPT_PARSED && !version;
}

static int
run(struct session *session, int argc, char **argv)
{
	const char *dir = NULL;
	int status;

	if (session_init(session) < 0)
		return session_fail(session);
	if (!take_options(session, &dir, &argc, argv, &status))
		return status;
	if (dir && chdir(dir) < 0) {
		error_errno(&session->err, ERROR_NO_INPUT,
		    "cannot work in the folder given with -C");
		return session_fail(session);
	}
	return run_command(session, dir, argc, argv);
}

int
main(int argc, char **argv)
{
	struct session session;
	int status;

	open_standard_streams();
	ignore_signals();
	status = run(&session, argc, argv);
	status = write_output(&session, status);
	session_release(&session);
	return status;
}
