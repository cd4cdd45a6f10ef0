#include <stdio.h>
#include <string.h>

#define METER_VERSION "0.1.0"

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("meter " METER_VERSION);
		return 0;
	}
	fputs("usage: meter [-C DIR] COMMAND ...\n", stderr);
	return 64;
}
