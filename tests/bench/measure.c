/*
 * measure OUT COMMAND [ARGUMENT]...: run a command as a whole process, its stdout in the file OUT,
 * and print its wall time and CPU time in seconds, its peak memory in KiB and its exit code.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static double
now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void
run(const char *out, char **command)
{
	int to = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0666);

	if (to == -1 || dup2(to, STDOUT_FILENO) == -1 || close(to) == -1)
		perror(out);
	else if (execvp(command[0], command) == -1)
		perror(command[0]);
	_exit(127);
}

int
main(int argc, char **argv)
{
	struct rusage used;
	double start = now();
	int status;
	pid_t child;

	if (argc < 3) {
		fputs("usage: measure OUT COMMAND [ARGUMENT]...\n", stderr);
		return 64;
	}
	child = fork();
	if (child == 0)
		run(argv[1], argv + 2);
	if (child == -1 || wait4(child, &status, 0, &used) == -1) {
		fprintf(stderr, "measure: %s: %s\n", argv[2], strerror(errno));
		return 71;
	}
	printf("%.6f %.6f %ld %d\n", now() - start, seconds(used.ru_utime) + seconds(used.ru_stime),
	    used.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return 0;
}
