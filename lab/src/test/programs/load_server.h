// The server's half of load.c.
#pragma once

#include "load.h"

// Binds a server's socket; the first is given a port, the others take the same.
static int serve_at(long index, in_port_t *port)
{
	int fd = new_socket(), room = 64 << 20;
	struct sockaddr_in6 at = address(index, *port, !with.udp);
	socklen_t length = sizeof(at);
	must(bind(fd, (struct sockaddr *)&at, sizeof(at)), "bind");
	must(getsockname(fd, (struct sockaddr *)&at, &length), "getsockname");
	*port = at.sin6_port;
	if (with.udp)
		must(setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)), "SO_RCVBUFFORCE");
	else
		must(listen(fd, with.backlog), "listen");
	return fd;
}

// Moves what can be moved. Returns whether the connection is over.
static bool serve_stream(struct conversation *each)
{
	bool moved = true;
	while (moved) {
		moved = false;
		ssize_t got = each->ended ? -1 : recv(each->fd, bytes, sizeof(bytes), 0);
		if (got > 0) {
			each->received += got;
			moved = true;
		} else if (got == 0) {
			each->ended = true;
		} else if (!each->ended && errno != EAGAIN) {
			return true;
		}
		long owed = with.half ? (each->ended ? with.answer : 0)
				      : with.answer * (with.send ? each->received / with.send : 1);
		long some = owed - each->sent < BUFFER ? owed - each->sent : BUFFER;
		ssize_t put = some > 0 ? send(each->fd, bytes, some, MSG_NOSIGNAL) : 0;
		if (put < 0 && errno != EAGAIN)
			return true;
		if (put > 0) {
			each->sent += put;
			moved = true;
		}
		each->done = each->sent == owed;
	}
	return each->ended && each->done;
}

static void count_served(struct conversation *each)
{
	close(each->fd);
	__sync_fetch_and_add(&served->sent, each->sent);
	__sync_fetch_and_add(&served->received, each->received);
	if (__sync_add_and_fetch(&served->closed, 1) == with.count)
		must(eventfd_write(over, 1), "eventfd_write");
	each->fd = -1;
}

// In a process of its own that ends with the connection.
static void serve_by_child(int listener, int fd)
{
	long before = served->handed;
	pid_t child = must(fork(), "fork");
	if (child) {
		close(fd);
		__sync_fetch_and_add(&served->handed, 1);
		return;
	}
	while (__sync_fetch_and_add(&served->handed, 0) == before)
		sched_yield();	// else the parent may be the last to give it up
	close(listener);
	must(fcntl(fd, F_SETFL, 0), "F_SETFL");
	struct conversation each = {.fd = fd};
	if (!serve_stream(&each))
		errx(1, "a child was woken early");
	count_served(&each);
	_exit(0);
}

static void serve_streams(int listener)
{
	static struct conversation all[OPEN_MOST + 1024];
	struct epoll_event events[EVENTS];
	int epoll = watching();
	watch(epoll, listener, EPOLLIN, LISTENING);
	for (;;) {
		int ready = epoll_wait(epoll, events, EVENTS, -1);
		for (int i = 0; i < ready; i++) {
			unsigned word = events[i].data.u32;
			if (word == OVER)
				return;
			int fd;
			while (word == LISTENING && (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
				__sync_fetch_and_add(&served->accepted, 1);
				if (with.forking) {
					serve_by_child(listener, fd);
					continue;
				}
				if (fd >= OPEN_MOST + 1024)
					errx(1, "too many are open");
				all[fd] = (struct conversation){.fd = fd};
				watch(epoll, fd, EPOLLIN | EPOLLOUT | EPOLLET | EPOLLRDHUP, fd);
			}
			if (word != LISTENING && all[word].fd == (int)word && serve_stream(&all[word]))
				count_served(&all[word]);
		}
	}
}

static void serve_datagrams(const int *fds)
{
	struct epoll_event events[EVENTS];
	char *heard = calloc(with.addresses, 65536);
	int epoll = watching();
	for (long i = 0; i < with.addresses; i++)
		watch(epoll, fds[i], EPOLLIN, i);
	for (;;) {
		int ready = epoll_wait(epoll, events, EVENTS, -1);
		for (int i = 0; i < ready; i++) {
			unsigned word = events[i].data.u32;
			if (word == OVER)
				return;
			struct sockaddr_in6 from;
			socklen_t length = sizeof(from);
			ssize_t got = recvfrom(fds[word], bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &length);
			if (got < 0)
				continue;
			char *peer = &heard[word * 65536L + ntohs(from.sin6_port)];
			served->peers += !*peer;
			*peer = 1;
			served->received += got;
			if (with.answer)
				served->sent += must(sendto(fds[word], bytes, with.answer, 0, (struct sockaddr *)&from,
							    length), "sendto");
		}
	}
}
