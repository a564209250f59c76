// A client and a server that talk so many times, at such a rate, for so long each, and say what they really did: load
// --count N and the options of load.h. One line on stdout, as JSON. The client closes first, except with --half.
#include "load_server.h"

static void begin(int epoll, struct conversation *each, long index, in_port_t port)
{
	struct sockaddr_in6 to = address(index % with.addresses, port, false);
	*each = (struct conversation){.fd = new_socket(), .begun = now()};
	if (!with.unconnected && connect(each->fd, (struct sockaddr *)&to, sizeof(to)) && errno != EINPROGRESS)
		err(1, "connect");
	watch(epoll, each->fd, EPOLLIN | EPOLLOUT | EPOLLET, index % OPEN_MOST);
	if (with.unconnected)
		each->sent = must(sendto(each->fd, bytes, with.send, 0, (struct sockaddr *)&to, sizeof(to)), "sendto");
}

// Moves what can be moved. Returns whether the client has said and heard all.
static bool ask(struct conversation *each)
{
	struct sockaddr_in6 from;
	long all = with.send * with.exchanges;
	for (bool moved = true; moved;) {
		moved = false;
		long turns = with.answer ? each->received / with.answer + 1 : with.exchanges;
		long due = (turns < with.exchanges ? turns : with.exchanges) * with.send - each->sent;
		ssize_t put = due > 0 ? send(each->fd, bytes, due < BUFFER ? due : BUFFER, MSG_NOSIGNAL) : 0;
		if (put < 0 && errno != EAGAIN)
			err(1, "send");
		socklen_t length = sizeof(from);
		bool named = with.unconnected || with.named;
		ssize_t got = each->received < with.answer * with.exchanges
				  ? recvfrom(each->fd, bytes, sizeof(bytes), 0, named ? (struct sockaddr *)&from : NULL,
					     named ? &length : NULL)
				  : 0;
		if (got < 0 && errno != EAGAIN)
			err(1, "receive");
		each->sent += put > 0 ? put : 0;
		each->received += got > 0 ? got : 0;
		moved = put > 0 || got > 0;
	}
	if (with.half && each->sent == all && !each->ended) {
		must(shutdown(each->fd, SHUT_WR), "shutdown");
		each->ended = true;
	}
	return each->sent == all && each->received == with.answer * with.exchanges;
}

struct made {
	long sent, received, open_most;
};

static void hang_up(struct conversation *each, struct made *made)
{
	struct linger at_once = {.l_onoff = 1};
	if (with.linger)
		must(setsockopt(each->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)), "SO_LINGER");
	close(each->fd);
	made->sent += each->sent;
	made->received += each->received;
}

static struct made talk(in_port_t port)
{
	static struct conversation all[OPEN_MOST];
	struct epoll_event events[EVENTS];
	struct made made = {};
	int epoll = must(epoll_create1(0), "epoll_create1");
	long begun = 0, ended = 0, waiting = 0;
	double start = now(), gap = with.rate ? 1.0 / with.rate : 0, life = with.lifetime / 1e6;
	while (ended < with.count) {
		double at = now(), next = at + 1;
		while (begun < with.count && begun - ended < OPEN_MOST && waiting < with.window &&
		       start + begun * gap <= at) {
			begin(epoll, &all[begun % OPEN_MOST], begun, port);
			begun++;
			waiting++;
		}
		made.open_most = begun - ended > made.open_most ? begun - ended : made.open_most;
		for (struct conversation *first; ended < begun && (first = &all[ended % OPEN_MOST])->done; ended++) {
			if (first->begun + life > at) {
				next = first->begun + life;
				break;
			}
			hang_up(first, &made);
		}
		if (begun < with.count && begun - ended < OPEN_MOST && waiting < with.window && start + begun * gap < next)
			next = start + begun * gap;
		double rest = ended < with.count && next > at ? next - at : 0;
		struct timespec limit = {.tv_sec = rest, .tv_nsec = (rest - (long)rest) * 1e9};
		int ready = epoll_pwait2(epoll, events, EVENTS, &limit, NULL);
		for (int i = 0; i < ready; i++) {
			struct conversation *each = &all[events[i].data.u32];
			if (!each->done && ask(each)) {
				each->done = true;
				waiting--;
			}
		}
	}
	return made;
}

static pid_t start_server(int listener, const int *fds)
{
	pid_t pid = must(fork(), "fork");
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, with.server);
	signal(SIGCHLD, SIG_IGN);
	if (with.udp)
		serve_datagrams(fds);
	else
		serve_streams(listener);
	_exit(0);
}

static void understand(int arguments, char **argument)
{
	enum { UDP = 256, UNCONNECTED, NAMED, HALF, LINGER, FORKING, WORDS, CLIENT, SERVER };
	static const struct option OPTIONS[] = {
	    {"udp", 0, NULL, UDP}, {"unconnected", 0, NULL, UNCONNECTED}, {"named", 0, NULL, NAMED},
	    {"half", 0, NULL, HALF}, {"linger0", 0, NULL, LINGER}, {"fork", 0, NULL, FORKING},
	    {"workers", 1, NULL, 0}, {"family", 1, NULL, 1}, {"count", 1, NULL, 2}, {"rate", 1, NULL, 3},
	    {"lifetime", 1, NULL, 4}, {"send", 1, NULL, 5}, {"answer", 1, NULL, 6}, {"exchanges", 1, NULL, 7},
	    {"addresses", 1, NULL, 8}, {"backlog", 1, NULL, 9}, {"window", 1, NULL, 10},
	    {"client", 1, NULL, CLIENT}, {"server", 1, NULL, SERVER}, {}};
	long *const numbers[] = {&with.workers, &with.family, &with.count, &with.rate, &with.lifetime, &with.send,
				 &with.answer, &with.exchanges, &with.addresses, &with.backlog, &with.window};
	bool *const words[] = {&with.udp, &with.unconnected, &with.named, &with.half, &with.linger, &with.forking};
	for (int which; (which = getopt_long(arguments, argument, "", OPTIONS, NULL)) != -1;) {
		if (which == '?')
			exit(64);
		else if (which >= CLIENT)
			*(which == CLIENT ? &with.client : &with.server) = optarg;
		else if (which >= UDP)
			*words[which - UDP] = true;
		else
			*numbers[which] = atol(optarg);
	}
	if (optind != arguments || with.workers < 1 || with.workers > WORKERS_MAX || with.addresses < 1)
		errx(64, "usage: load --count N [OPTION...]; the options are in load.h");
}

int main(int arguments, char **argument)
{
	understand(arguments, argument);
	alarm(GIVE_UP_SECONDS);
	struct rlimit files;
	must(getrlimit(RLIMIT_NOFILE, &files), "RLIMIT_NOFILE");
	files.rlim_cur = files.rlim_max;
	must(setrlimit(RLIMIT_NOFILE, &files), "RLIMIT_NOFILE");
	if (files.rlim_max < OPEN_MOST + 1024)
		errx(69, "only %ld files may be open, of %d", (long)files.rlim_max, OPEN_MOST + 1024);
	served = mmap(NULL, sizeof(*served), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	over = must(eventfd(0, 0), "eventfd");
	in_port_t port = 0;
	int sockets = with.udp ? with.addresses : 1, *fds = calloc(sockets, sizeof(*fds));
	for (int i = 0; i < sockets; i++)
		fds[i] = serve_at(i, &port);
	pid_t servers[WORKERS_MAX];
	for (int i = 0; i < with.workers; i++)
		servers[i] = start_server(fds[0], fds);
	prctl(PR_SET_NAME, with.client);
	for (int i = 0; i < sockets; i++)
		close(fds[i]);
	double start = now();
	struct made made = talk(port);
	double wall = now() - start;
	if (with.udp)
		must(eventfd_write(over, 1), "eventfd_write");
	for (int i = 0; i < with.workers; i++) {
		int status = 0;
		must(waitpid(servers[i], &status, 0), "waitpid");
		if (status)
			errx(1, "a server failed");
	}
	printf("{\"made\":%ld,\"sent\":%ld,\"received\":%ld,\"accepted\":%ld,\"closed\":%ld,\"server_sent\":%ld,"
	       "\"server_received\":%ld,\"peers\":%ld,\"port\":%d,\"open_most\":%ld,\"client_cpu\":%.6f,"
	       "\"server_cpu\":%.6f,\"wall\":%.6f,\"client\":%d,\"servers\":[",
	       with.count, made.sent, made.received, served->accepted, served->closed, served->sent, served->received,
	       served->peers, ntohs(port), made.open_most, spent(RUSAGE_SELF), spent(RUSAGE_CHILDREN), wall, getpid());
	for (int i = 0; i < with.workers; i++)
		printf("%s%d", i ? "," : "", servers[i]);
	puts("]}");
	return 0;
}
