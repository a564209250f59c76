// What both halves of load.c use.
#pragma once

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 256, BUFFER = 1 << 16, WORKERS_MAX = 64, OPEN_MOST = 16000, GIVE_UP_SECONDS = 120 };
enum { OVER = 1u << 31, LISTENING = 1u << 30 };	// of what an event's word says it is about

static struct {
	bool udp;		// --udp
	bool unconnected;	// --unconnected: sendto and recvfrom, the socket has no peer of its own
	bool named;		// --named: asks where each datagram came from, though the socket is connected
	bool half;		// --half: the client says by shutdown that it is done, the server answers then and closes first
	bool linger;		// --linger0: the client closes with RST
	bool forking;		// --fork: a server process for each connection
	long workers;		// --workers: processes that accept from one listener
	long family;		// --family 4|6|46; 46: IPv4 by IPv6 sockets
	long count, rate;	// --count, --rate a second; 0: as fast as it goes
	long lifetime;		// --lifetime in microseconds
	long send, answer;	// --send, --answer: bytes each way and exchange
	long exchanges;		// --exchanges of each connection
	long addresses;		// --addresses of the server: 127.0.1.1 and on, fd00::1 and on (to be there already)
	long backlog;		// --backlog of the listener
	long window;		// --window: so many begun at once
	const char *client, *server;	// --client, --server: what the processes are called
} with = {.workers = 1, .family = 4, .count = 1, .send = 100, .answer = 40, .exchanges = 1, .addresses = 1,
	  .backlog = 4096, .window = 512, .client = "load-client", .server = "load-server"};

// What the servers did, in memory that they and the client share.
struct served {
	long accepted, closed, sent, received, peers;
	long handed;	// accepted ones that only a child holds any more
} static *served;

struct conversation {
	int fd;
	double begun;
	long sent, received;
	bool ended, done;
};

static char bytes[BUFFER];
static int over;	// readable when the servers shall end

static long must(long result, const char *what)
{
	if (result < 0)
		err(1, "%s", what);
	return result;
}

static double now(void)
{
	struct timespec at;
	clock_gettime(CLOCK_MONOTONIC, &at);
	return at.tv_sec + at.tv_nsec / 1e9;
}

static double spent(int whose)
{
	struct rusage usage;
	getrusage(whose, &usage);
	return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static struct sockaddr_in6 address(long index, in_port_t port, bool any)
{
	struct sockaddr_in6 to = {.sin6_family = AF_INET6, .sin6_port = port};
	unsigned host = with.addresses == 1 ? 0x7f000001 : 0x7f000101 + index / 250 * 256 + index % 250;
	char text[INET6_ADDRSTRLEN];
	if (any)
		snprintf(text, sizeof(text), "::");
	else if (with.family != 6)
		snprintf(text, sizeof(text), "::ffff:%u.%u.%u.%u", host >> 24, host >> 16 & 255, host >> 8 & 255,
			 host & 255);
	else
		snprintf(text, sizeof(text), with.addresses == 1 ? "::1" : "fd00::%lx", index + 1);
	inet_pton(AF_INET6, text, &to.sin6_addr);
	if (with.family == 4) {
		struct sockaddr_in narrow = {.sin_family = AF_INET, .sin_port = port};
		memcpy(&narrow.sin_addr, &to.sin6_addr.s6_addr[12], 4);
		memcpy(&to, &narrow, sizeof(narrow));
	}
	return to;
}

static int new_socket(void)
{
	int family = with.family == 4 ? AF_INET : AF_INET6;
	return must(socket(family, (with.udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK, 0), "socket");
}

static void watch(int epoll, int fd, unsigned events, unsigned word)
{
	struct epoll_event event = {.events = events, .data.u32 = word};
	must(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
}

static int watching(void)
{
	int epoll = must(epoll_create1(0), "epoll_create1");
	watch(epoll, over, EPOLLIN, OVER);
	return epoll;
}
