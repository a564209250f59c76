// What clients do that is no ordinary conversation: odd WHAT COUNT. One line on stdout, as JSON.
//   refused   connects that nobody listens for, each by a blocking socket; refused-later: by a non-blocking one
//   again     refused connects, all by one blocking socket
//   unanswered datagram sockets that send once to one that never answers; unreached: to a port that nobody has; left:
//             once to each, for the one that never answers has gone
//   silent    datagram sockets that are connected and never send, as getaddrinfo makes them
//   turning   one datagram socket, connected in turn to three peers that it asks COUNT times each
//   unaccepted connects to a listener that closes without accepting any
//   both      datagram sockets that are connected, and name their peer all the same when they send
//   together  connections over which each end sends a byte, reads one and closes, both at the same moment
//   looked-at connections closed at once, while another process looks through the descriptors of the one that asks
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
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

enum kind { REFUSED, REFUSED_LATER, AGAIN, UNACCEPTED, TOGETHER, LOOKED_AT, SILENT, UNANSWERED, UNREACHED, LEFT, TURNING, BOTH,
	    KINDS };

static const char *const NAMES[KINDS] = {"refused", "refused-later", "again", "unaccepted", "together", "looked-at",
					 "silent", "unanswered", "unreached", "left", "turning", "both"};

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

static void accept_all(int listener, long count)
{
	for (long i = 0; i < count; i++)
		close(must(accept(listener, NULL, NULL), "accept"));
	exit(0);
}

static void connect_all(long count, const struct sockaddr_in *at)
{
	for (long i = 0; i < count; i++) {
		int fd = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
		must(connect(fd, (const struct sockaddr *)at, sizeof(*at)), "connect");
		close(fd);
	}
}

static void look_through(pid_t process)
{
	char path[64], link[64];
	snprintf(path, sizeof(path), "/proc/%d/fd", process);
	for (;;) {
		DIR *folder = opendir(path);
		if (!folder)
			err(1, "%s", path);
		for (struct dirent *each; (each = readdir(folder));)
			(void)!readlinkat(dirfd(folder), each->d_name, link, sizeof(link));
		closedir(folder);
	}
}

static int connected(const struct sockaddr_in *to)
{
	int fd = must(socket(AF_INET, SOCK_DGRAM, 0), "socket");
	must(connect(fd, (const struct sockaddr *)to, sizeof(*to)), "connect");
	return fd;
}

static void send_in_vain(int fd)
{
	struct pollfd waiting = {.fd = fd};
	must(send(fd, "!", 1, 0), "send");
	must(poll(&waiting, 1, -1), "poll");
}

static void send_once(enum kind kind, long count, int heard, const struct sockaddr_in *to)
{
	int *fds = calloc(count, sizeof(*fds));
	if (kind == UNREACHED)
		close(heard);
	for (long i = 0; i < count; i++) {
		fds[i] = connected(to);
		if (kind == UNREACHED)
			send_in_vain(fds[i]);
		else if (kind != SILENT)
			must(send(fds[i], "!", 1, 0), "send");
		if (kind != LEFT)
			close(fds[i]);
	}
	if (kind == LEFT)
		close(heard);
	for (long i = 0; kind == LEFT && i < count; i++) {
		send_in_vain(fds[i]);
		close(fds[i]);
	}
}

static void ask_in_vain(enum kind kind, long count, const struct sockaddr_in *at)
{
	int type = kind == REFUSED_LATER ? SOCK_STREAM | SOCK_NONBLOCK : SOCK_STREAM, fd = -1;
	for (long i = 0; i < count; i++) {
		if (kind != AGAIN || fd < 0)
			fd = must(socket(AF_INET, type, 0), "socket");
		be_refused(fd, at);
		if (kind != AGAIN)
			close(fd);
	}
}

static void serve(enum kind kind, long count, const int *fds, atomic_long *ready)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "odd-server");
	if (kind == TOGETHER)
		accept_together(fds[0], count, ready);
	if (kind == LOOKED_AT)
		accept_all(fds[0], count);
	answer(fds);
}

static pid_t start_looker(void)
{
	pid_t looked_at = getpid(), looker = must(fork(), "fork");
	if (looker)
		return looker;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "odd-looker");
	look_through(looked_at);
	exit(1);
}

static void stop(pid_t process)
{
	must(kill(process, SIGTERM), "kill");
	must(waitpid(process, NULL, 0), "waitpid");
}

static void act(enum kind kind, long count, const int *fds, const struct sockaddr_in *peers, atomic_long *ready)
{
	pid_t looker = kind == LOOKED_AT ? start_looker() : 0;
	prctl(PR_SET_NAME, "odd-client");
	if (kind == UNACCEPTED) {
		remain_unaccepted(fds[0], count, peers);
	} else if (kind == TOGETHER) {
		connect_together(count, peers, ready);
	} else if (kind == LOOKED_AT) {
		connect_all(count, peers);
		stop(looker);
	} else if (kind >= SILENT && kind <= LEFT) {
		send_once(kind, count, fds[0], peers);
	} else if (kind == TURNING || kind == BOTH) {
		talk(kind == TURNING, count, peers);
	} else {
		ask_in_vain(kind, count, peers);
	}
}

int main(int arguments, char **argument)
{
	enum kind kind = 0;
	long count = arguments == 3 ? atol(argument[2]) : 0;
	while (count > 0 && kind < KINDS && strcmp(argument[1], NAMES[kind]))
		kind++;
	if (count < 1 || kind == KINDS)
		errx(64, "usage: odd WHAT COUNT; what there is stands in odd.c");
	alarm(60);
	bool waits = kind == TOGETHER || kind == LOOKED_AT, served = waits || kind == TURNING || kind == BOTH;
	struct sockaddr_in peers[PEERS];
	int fds[PEERS];
	for (int i = 0; i < PEERS; i++)
		fds[i] = bound(kind >= SILENT ? SOCK_DGRAM : SOCK_STREAM, i, &peers[i]);
	atomic_long *ready = mmap(NULL, sizeof(*ready), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (waits)
		must(listen(fds[0], kind == TOGETHER ? 1 : 128), "listen");
	pid_t server = served ? must(fork(), "fork") : 0;
	if (served && !server)
		serve(kind, count, fds, ready);
	act(kind, count, fds, peers, ready);
	if (waits)
		must(waitpid(server, NULL, 0), "waitpid");
	else if (served)
		stop(server);
	printf("{\"client\":%d,\"servers\":[%d],\"port\":%d,\"ports\":[%d,%d,%d]}\n", getpid(), server,
	       ntohs(peers[0].sin_port), ntohs(peers[0].sin_port), ntohs(peers[1].sin_port), ntohs(peers[2].sin_port));
	return 0;
}
