#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "cmd/session.h"

/* Where pages stand, from the folder of the program: in place, or in a build
 * folder. */
static const char *const page_folders[] = { "../share/man/man1", "../man",
	"../../man" };

/* The page beside the program; NULL where man(1) must look for itself. */
static const char *
find_page(struct arena *arena, const char *page)
{
	char program[PATH_MAX];
	const char *path;
	ssize_t len;

	len = readlink("/proc/self/exe", program, sizeof(program) - 1);
	if (len <= 0)
		return NULL;
	program[len] = '\0';
	*strrchr(program, '/') = '\0';
	for (size_t i = 0; i < sizeof(page_folders) / sizeof(page_folders[0]);
	     i++) {
		path = arena_printf(arena, "%s/%s/%s.1", program,
		    page_folders[i], page);
		if (access(path, R_OK) == 0)
			return path;
	}
	return NULL;
}

static bool
is_command(const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i < commands_count; i++)
		if (strncmp(commands[i].name, word, len) == 0 &&
		    (commands[i].name[len] == '\0' ||
			commands[i].name[len] == ' '))
			return true;
	return false;
}

/* Become man(1), or mandoc(1) where there is none. */
static int
show_page(struct session *session, const char *page)
{
	const char *path = find_page(&session->arena, page);

	if (path) {
		execlp("man", "man", "-l", path, (char *)NULL);
		execlp("mandoc", "mandoc", "-a", path, (char *)NULL);
	} else {
		execlp("man", "man", "1", page, (char *)NULL);
	}
	error_set(&session->err, ERROR_NO_INPUT,
	    "there is no man(1) to show the page '%s' with", page);
	return session_fail(session);
}

int
cmd_help(struct session *session, int argc, char **argv)
{
	static const char synopsis[] = "meter help [COMMAND]";
	const struct opt options[] = { OPT_END };

	if (!session_options(session, synopsis, options, &argc, argv, 0, 2))
		return session->status;
	if (argc == 0) {
		for (size_t i = 0; i < commands_count; i++)
			buf_printf(&session->out, "  meter %-19s %s\n",
			    commands[i].name, commands[i].summary);
		buf_puts(&session->out,
		    "\n'meter COMMAND -h' is short, 'meter help COMMAND' "
		    "is its manual page.\n");
		return EX_OK;
	}
	if (strcmp(argv[0], "meter") == 0)
		return show_page(session, "meter");
	if (!is_command(argv[0]))
		return session_misuse(session, "there is no such command");
	if (strcmp(argv[0], "help") == 0)
		return show_page(session, "meter");
	return show_page(session,
	    arena_printf(&session->arena, "meter-%s", argv[0]));
}
