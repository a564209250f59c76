// What clients do that is no ordinary conversation: odd WHAT COUNT. One line on stdout, as JSON.
//   refused   connects that nobody listens for, each by a blocking socket; refused-later: by a non-blocking one
//   again     refused connects, all by one blocking socket
//   silent    datagram sockets that are connected and never send, as getaddrinfo makes them
//   turning   one datagram socket, connected in turn to three peers that it asks COUNT times each
//   unaccepted connects to a listener that closes without accepting any
//   both      datagram sockets that are connected, and name their peer all the same when they send
//   together  connections over which each end sends a byte, reads one and closes, both at the same moment
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PEERS = 3 };

static int must(int result, const char *what)
{
	if (result < 0)
		err(1, "%s", what);
	return result;
}

static int bound(int type, int host, struct sockaddr_in *at)
{
	int fd = must(socket(AF_INET, type, 0), "socket");
	socklen_t length = sizeof(*at);
	*at = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + host)};
	must(bind(fd, (struct sockaddr *)at, sizeof(*at)), "bind");
	must(getsockname(fd, (struct sockaddr *)at, &length), "getsockname");
	return fd;
}

static void be_refused(int fd, const struct sockaddr_in *to)
{
	int error = 0;
	socklen_t length = sizeof(error);
	if (!connect(fd, (const struct sockaddr *)to, sizeof(*to)))
		errx(1, "somebody listens");
	if (errno == EINPROGRESS) {
		struct pollfd waiting = {.fd = fd, .events = POLLOUT};
		must(poll(&waiting, 1, -1), "poll");
		must(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length), "SO_ERROR");
		errno = error;
	}
	if (errno != ECONNREFUSED)
		err(1, "connect");
}

static void answer(const int *fds)
{
	struct pollfd waiting[PEERS];
	for (;;) {
		for (int i = 0; i < PEERS; i++)
			waiting[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
		must(poll(waiting, PEERS, -1), "poll");
		for (int i = 0; i < PEERS; i++) {
			char byte;
			struct sockaddr_in from;
			socklen_t length = sizeof(from);
			if (!(waiting[i].revents & POLLIN))
				continue;
			must(recvfrom(fds[i], &byte, 1, 0, (struct sockaddr *)&from, &length), "recvfrom");
			must(sendto(fds[i], &byte, 1, 0, (struct sockaddr *)&from, length), "sendto");
		}
	}
}

static void ask(int fd, const struct sockaddr_in *named)
{
	char byte = '!';
	must(sendto(fd, &byte, 1, 0, (const struct sockaddr *)named, named ? sizeof(*named) : 0), "send");
	must(recv(fd, &byte, 1, 0), "recv");
}

// Connects one socket to each peer in turn, or a socket of its own each time to the first.
static void talk(bool turning, long count, const struct sockaddr_in *peers)
{
	int one = must(socket(AF_INET, SOCK_DGRAM, 0), "socket");
	for (int peer = 0; turning && peer < PEERS; peer++) {
		must(connect(one, (const struct sockaddr *)&peers[peer], sizeof(*peers)), "connect");
		for (long i = 0; i < count; i++)
			ask(one, NULL);
	}
	for (long i = 0; !turning && i < count; i++) {
		int fd = must(socket(AF_INET, SOCK_DGRAM, 0), "socket");
		must(connect(fd, (const struct sockaddr *)peers, sizeof(*peers)), "connect");
		ask(fd, peers);
		close(fd);
	}
	close(one);
}

static void remain_unaccepted(int listener, long count, const struct sockaddr_in *at)
{
	int *fds = calloc(count, sizeof(*fds));
	must(listen(listener, count), "listen");
	for (long i = 0; i < count; i++) {
		fds[i] = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
		must(connect(fds[i], (const struct sockaddr *)at, sizeof(*at)), "connect");
	}
	close(listener);
	for (long i = 0; i < count; i++)
		close(fds[i]);
}

// Both ends wait for each other, then one of them a little longer, by another few steps each time: until the other's
// FIN arrives.
static void close_together(int fd, long round, atomic_long *ready, bool later)
{
	char byte = '!';
	must(send(fd, &byte, 1, 0), "send");
	must(recv(fd, &byte, 1, 0), "recv");
	atomic_fetch_add(ready, 1);
	for (long turns = 1; atomic_load(ready) < 2 * (round + 1); turns++)
		if (!(turns % 100000))
			sched_yield();
	for (volatile long step = later ? round % 10000 : 0; step > 0; step--)
		;
	close(fd);
}

static void accept_together(int listener, long count, atomic_long *ready)
{
	for (long i = 0; i < count; i++)
		close_together(must(accept(listener, NULL, NULL), "accept"), i, ready, true);
	exit(0);
}

static void connect_together(long count, const struct sockaddr_in *at, atomic_long *ready)
{
	for (long i = 0; i < count; i++) {
		int fd = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
		must(connect(fd, (const struct sockaddr *)at, sizeof(*at)), "connect");
		close_together(fd, i, ready, false);
	}
}

int main(int arguments, char **argument)
{
	static const char *const KINDS[] = {"refused", "refused-later", "again", "silent", "turning", "both", "unaccepted",
					    "together"};
	unsigned kind = 0, kinds = sizeof(KINDS) / sizeof(*KINDS);
	long count = arguments == 3 ? atol(argument[2]) : 0;
	while (count > 0 && kind < kinds && strcmp(argument[1], KINDS[kind]))
		kind++;
	if (count < 1 || kind == kinds)
		errx(64, "usage: odd refused|refused-later|again|silent|turning|both|unaccepted|together COUNT");
	alarm(60);
	bool datagrams = kind >= 3 && kind <= 5, talking = kind == 4 || kind == 5, together = kind == 7;
	struct sockaddr_in peers[PEERS];
	int fds[PEERS];
	for (int i = 0; i < PEERS; i++)
		fds[i] = bound(datagrams ? SOCK_DGRAM : SOCK_STREAM, i, &peers[i]);
	atomic_long *ready = mmap(NULL, sizeof(*ready), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (together)
		must(listen(fds[0], 1), "listen");
	pid_t server = talking || together ? must(fork(), "fork") : 0;
	if ((talking || together) && !server) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NAME, "odd-server");
		if (together)
			accept_together(fds[0], count, ready);
		answer(fds);
	}
	prctl(PR_SET_NAME, "odd-client");
	if (talking) {
		talk(kind == 4, count, peers);
	} else if (kind == 6) {
		remain_unaccepted(fds[0], count, peers);
	} else if (together) {
		connect_together(count, peers, ready);
	} else {
		int fd = -1;
		for (long i = 0; i < count; i++) {
			if (kind != 2 || fd < 0)
				fd = must(socket(AF_INET, datagrams ? SOCK_DGRAM
								    : SOCK_STREAM | (kind == 1 ? SOCK_NONBLOCK : 0), 0),
					  "socket");
			if (datagrams)
				must(connect(fd, (struct sockaddr *)peers, sizeof(*peers)), "connect");
			else
				be_refused(fd, peers);
			if (kind != 2)
				close(fd);
		}
	}
	if (server > 0) {
		if (!together)
			must(kill(server, SIGTERM), "kill");
		must(waitpid(server, NULL, 0), "waitpid");
	}
	printf("{\"client\":%d,\"servers\":[%d],\"port\":%d,\"ports\":[%d,%d,%d]}\n", getpid(), server,
	       ntohs(peers[0].sin_port), ntohs(peers[0].sin_port), ntohs(peers[1].sin_port), ntohs(peers[2].sin_port));
	return 0;
}
