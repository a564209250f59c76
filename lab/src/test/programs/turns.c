// Turns of one client and one server, as fast as they go, to measure what one turn costs: turns MODE. A line on stdin
// says how many; a line on stdout tells what they cost, system time included, and what half and 99 of 100 took at most, in
// microseconds. A turn waits for the other end, so that nothing queues and nothing is dropped.
//   short     TCP connect, one byte, close, by two processes
//   alone     the same by one process, which is both ends: nothing but the kernel's work, no change of process
//   request   32 bytes there and back on one TCP connection
//   connected a datagram there and back, both sockets connected
//   datagram  a datagram there and back, neither connected
//   unix      as short, over a unix socket with an abstract name
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { BYTES = 32, ADDRESSES = 64 };

static struct sockaddr_in loopback(unsigned host, in_port_t port)
{
	return (struct sockaddr_in){
	    .sin_family = AF_INET, .sin_port = port, .sin_addr.s_addr = htonl(0x7f000001 + host)};
}

static int must(int result, const char *what)
{
	if (result < 0)
		err(1, "%s", what);
	return result;
}

static struct sockaddr *any(struct sockaddr_in *address)
{
	return (struct sockaddr *)address;
}

// A socket bound to a port of the kernel's choice.
static int bound(int type, in_addr_t where, struct sockaddr_in *at)
{
	int fd = must(socket(AF_INET, type, 0), "socket");
	*at = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = where};
	must(bind(fd, any(at), sizeof(*at)), "bind");
	socklen_t length = sizeof(*at);
	must(getsockname(fd, any(at), &length), "getsockname");
	return fd;
}

// Several addresses, so that the ports do not run out.
static int begin_short(in_port_t port, long turn)
{
	struct sockaddr_in to = loopback(turn % ADDRESSES, port);
	int fd = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
	must(connect(fd, any(&to), sizeof(to)), "connect");
	must(write(fd, "!", 1), "write");
	return fd;
}

static struct sockaddr_un named(pid_t server)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	snprintf(at.sun_path + 1, sizeof(at.sun_path) - 1, "enishi-turns-%d", server);
	return at;
}

static int begin_unix(struct sockaddr_un *to)
{
	int fd = must(socket(AF_UNIX, SOCK_STREAM, 0), "socket");
	must(connect(fd, (struct sockaddr *)to, sizeof(*to)), "connect");
	must(write(fd, "!", 1), "write");
	return fd;
}

static void end_short(int listener)
{
	char byte;
	int fd = must(accept(listener, NULL, NULL), "accept");
	if (read(fd, &byte, 1) != 1)
		err(1, "read");
	close(fd);
}

static void answer(int fd, bool named)
{
	char bytes[BYTES];
	struct sockaddr_in from;
	socklen_t length = sizeof(from);
	ssize_t got = named ? recvfrom(fd, bytes, sizeof(bytes), 0, any(&from), &length)
			    : recv(fd, bytes, sizeof(bytes), 0);
	if (!got && !named)
		_exit(0);
	must(got, "receive");
	must(named ? sendto(fd, bytes, got, 0, any(&from), length) : send(fd, bytes, got, 0), "send");
}

static void ask(int fd, struct sockaddr_in *to)
{
	char bytes[BYTES] = "";
	struct sockaddr_in from;
	socklen_t length = sizeof(from);
	must(to ? sendto(fd, bytes, BYTES, 0, any(to), sizeof(*to)) : send(fd, bytes, BYTES, 0), "send");
	must(to ? recvfrom(fd, bytes, BYTES, 0, any(&from), &length) : recv(fd, bytes, BYTES, 0), "receive");
}

// CPU seconds of a process, by its clock: user and system.
static double spent(pid_t pid)
{
	clockid_t clock;
	struct timespec at;
	if (clock_getcpuclockid(pid, &clock))
		errx(1, "no clock of process %d", pid);
	must(clock_gettime(clock, &at), "clock_gettime");
	return at.tv_sec + at.tv_nsec / 1e9;
}

static double now(void)
{
	struct timespec at;
	clock_gettime(CLOCK_MONOTONIC, &at);
	return at.tv_sec + at.tv_nsec / 1e9;
}

// The server's half of a mode; it ends by being killed.
static void serve(const char *mode, int fd)
{
	int one = 1;
	if (!strcmp(mode, "short") || !strcmp(mode, "unix")) {
		for (;;)
			end_short(fd);
	} else if (!strcmp(mode, "request")) {
		fd = must(accept(fd, NULL, NULL), "accept");
		must(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)), "TCP_NODELAY");
	}
	for (;;)
		answer(fd, !strcmp(mode, "datagram"));
}

// Also tells how long each took, in microseconds.
static void take(const char *mode, int fd, int listener, struct sockaddr_in *to, long count, float *micros)
{
	char byte;
	double last = now();
	struct sockaddr_un path = named(getpid());
	bool unixes = !strcmp(mode, "unix");
	for (long i = 0; i < count; i++) {
		if (unixes || !strcmp(mode, "short")) {
			int each = unixes ? begin_unix(&path) : begin_short(to->sin_port, i);
			if (read(each, &byte, 1) != 0)
				err(1, "read");
			close(each);
		} else if (!strcmp(mode, "alone")) {
			int each = begin_short(to->sin_port, i);
			end_short(listener);
			close(each);
		} else {
			ask(fd, !strcmp(mode, "datagram") ? to : NULL);
		}
		double at = now();
		micros[i] = (at - last) * 1e6;
		last = at;
	}
}

static int longer(const void *one, const void *other)
{
	float difference = *(const float *)one - *(const float *)other;
	return (difference > 0) - (difference < 0);
}

int main(int arguments, char **argument)
{
	static const char *const MODES[] = {"short", "alone", "request", "connected", "datagram", "unix"};
	bool known = false;
	for (unsigned i = 0; arguments == 2 && i < sizeof(MODES) / sizeof(*MODES); i++)
		known |= !strcmp(argument[1], MODES[i]);
	if (!known)
		errx(64, "usage: turns short|alone|request|connected|datagram|unix");
	const char *mode = argument[1];
	bool alone = !strcmp(mode, "alone"), stream = alone || !strcmp(mode, "short") || !strcmp(mode, "request");
	struct sockaddr_in at, from;
	int fd = bound(stream ? SOCK_STREAM : SOCK_DGRAM, htonl(stream ? INADDR_ANY : INADDR_LOOPBACK), &at);
	int mine = bound(stream ? SOCK_STREAM : SOCK_DGRAM, htonl(INADDR_LOOPBACK), &from), one = 1;
	if (!strcmp(mode, "unix")) {
		struct sockaddr_un path = named(getpid());
		fd = must(socket(AF_UNIX, SOCK_STREAM, 0), "socket");
		must(bind(fd, (struct sockaddr *)&path, sizeof(path)), "bind");
		stream = true;
	}
	if (stream)
		must(listen(fd, 128), "listen");
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (!strcmp(mode, "connected")) {
		must(connect(mine, any(&at), sizeof(at)), "connect");
		must(connect(fd, any(&from), sizeof(from)), "connect");
	}
	pid_t server = alone ? 0 : must(fork(), "fork");
	if (!alone && !server) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NAME, "turns-server");
		close(mine);
		serve(mode, fd);
	}
	prctl(PR_SET_NAME, "turns-client");
	if (!strcmp(mode, "request")) {
		must(connect(mine, any(&at), sizeof(at)), "connect");
		must(setsockopt(mine, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)), "TCP_NODELAY");
	}
	for (long count; scanf("%ld", &count) == 1 && count > 0;) {
		float *micros = malloc(count * sizeof(*micros));
		if (!micros)
			err(1, "malloc");
		memset(micros, 1, count * sizeof(*micros));	// no page is met for the first time while it counts
		double begun = now(), before = spent(0) + (alone ? 0 : spent(server));
		take(mode, mine, fd, &at, count, micros);
		double cpu = spent(0) + (alone ? 0 : spent(server)) - before, wall = now() - begun;
		qsort(micros, count, sizeof(*micros), longer);
		printf("{\"turns\":%ld,\"cpu\":%.9f,\"wall\":%.9f,\"p50\":%.3f,\"p99\":%.3f}\n", count, cpu, wall,
		       micros[count / 2], micros[count * 99 / 100]);
		fflush(stdout);
		free(micros);
	}
	return 0;
}
