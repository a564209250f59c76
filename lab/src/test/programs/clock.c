// A library to be loaded before the C library: the wall clock of a process is off by as many seconds as stand, 8 bytes in
// native order, in the file that ENISHI_LAB_CLOCK names. Other clocks are the kernel's.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>

static const volatile long *offset;
static int (*real)(clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("ENISHI_LAB_CLOCK");
	int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	void *shared = file < 0 ? MAP_FAILED : mmap(NULL, sizeof(long), PROT_READ, MAP_SHARED, file, 0);
	if (shared == MAP_FAILED)
		err(1, "ENISHI_LAB_CLOCK");
	real = dlsym(RTLD_NEXT, "clock_gettime");
	offset = shared;
}

int clock_gettime(clockid_t which, struct timespec *into)
{
	if (!real)
		begin();
	int result = real(which, into);
	if (!result && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE))
		into->tv_sec += *offset;
	return result;
}

int gettimeofday(struct timeval *restrict into, void *restrict zone)
{
	struct timespec now;
	(void)zone;
	if (clock_gettime(CLOCK_REALTIME, &now))
		return -1;
	into->tv_sec = now.tv_sec;
	into->tv_usec = now.tv_nsec / 1000;
	return 0;
}

time_t time(time_t *into)
{
	struct timespec now;
	if (clock_gettime(CLOCK_REALTIME, &now))
		return -1;
	if (into)
		*into = now.tv_sec;
	return now.tv_sec;
}
