// Datagrams, by hooks that TCP runs not at all, or once to turn back: whom an unconnected socket sends to and hears
// from (net/ipv4/udp.c, net/ipv6/udp.c), and that a connected one sent at all (net/socket.c, sock_sendmsg_nosec).
#include "udp.h"

// A connected socket begins to talk to its peer: held back until more is known of it. Null where it is not kept.
static __always_inline struct told *begin(struct sock *sk, struct told *before, bool serves, const struct config *config)
{
	if (before && (before->generation || before->held))
		tell_closed(before, has_received(sk), config);
	bool refused = sk->sk_err == ECONNREFUSED;	// by this host, while it was sent
	struct told begun = {
		.peer_port = remote_port(sk), .failed = refused, .held = refused ? HELD_REFUSED : HELD_SENT,
		.told_at = bpf_ktime_get_ns()};
	ends(&begun.flow, sk, IPPROTO_UDP, serves ? ROLE_SERVER : ROLE_CLIENT);
	bool known = current_process(&begun.flow, config);
	if (known && !is_of_this_host(&begun.flow, config))
		return NULL;
	if (!known)
		COUNT_LOSS(nobody, 1);
	if (before)
		*before = begun;
	else
		before = bpf_sk_storage_get(&told, sk, &begun, BPF_SK_STORAGE_GET_F_CREATE);
	if (!before)
		COUNT_LOSS(opened, 1);
	return before;
}

static __always_inline int sent(struct sock *sk)
{
	struct told *before = bpf_sk_storage_get(&told, sk, 0, 0);
	if (is_told(before, sk))
		return 0;
	const struct config *config = configured();
	if (!config)
		return 0;
	if (!before || !before->held || !is_of_peer(before, sk))
		begin(sk, before, has_received(sk) && is_bound_by_name(sk), config);
	else if (sk->sk_err != ECONNREFUSED &&
		 __sync_val_compare_and_swap(&before->held, HELD_REFUSED, HELD_SENT) == HELD_REFUSED)
		before->told_at = bpf_ktime_get_ns();
	return 0;
}

static __always_inline void received(struct sock *sk)
{
	struct told *before = bpf_sk_storage_get(&told, sk, 0, 0);
	if (is_told(before, sk))
		return;
	const struct config *config = configured();
	if (!config)
		return;
	if (!before || !before->held || !is_of_peer(before, sk))
		before = begin(sk, before, is_bound_by_name(sk), config);
	if (before)
		tell_held(before, config);
}

// Whom the call that is under way was addressed to, by thread: the hooks that know the peer run before the length is
// known. Only where datagrams are counted.
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, CALLS_MAX);
	__type(key, __u32);
	__type(value, struct flow);
} addressed SEC(".maps");

// Counts one datagram for the peer it was addressed to, else for the socket's own.
static __always_inline int count_datagram(struct sock *sk, const struct counts *more)
{
	__u32 thread = (__u32)bpf_get_current_pid_tgid();
	struct flow *flow = bpf_map_lookup_elem(&addressed, &thread);
	if (flow) {
		if (!fold(flow, more))
			COUNT_LOSS(datagrams, 1);
		bpf_map_delete_elem(&addressed, &thread);
		return 0;
	}
	struct told *before = bpf_sk_storage_get(&told, sk, 0, 0);
	if (before && before->held && !more->datagrams_received) {
		__sync_fetch_and_add(&before->sent, more->sent);
		__sync_fetch_and_add(&before->datagrams, 1);
	} else if (before && (before->held || (before->generation && !fold(&before->flow, more)))) {
		COUNT_LOSS(datagrams, 1);
	}
	return 0;
}

static __always_inline bool is_udp(const struct sock *sk)
{
	return sk->sk_protocol == IPPROTO_UDP && is_inet(sk);
}

static __always_inline int forget_addressed(void)
{
	__u32 thread = (__u32)bpf_get_current_pid_tgid();
	bpf_map_delete_elem(&addressed, &thread);
	return 0;
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(enishi_sent, struct sock *sk, int bytes)
{
	if (!is_udp(sk) || bytes < 0 || !remote_port(sk))
		return 0;
	return sent(sk);
}

// In place of enishi_sent where datagrams are counted.
SEC("tp_btf/sock_send_length")
int BPF_PROG(enishi_sent_bytes, struct sock *sk, int bytes)
{
	if (!is_udp(sk))
		return 0;
	if (bytes < 0)
		return forget_addressed();
	if (remote_port(sk))
		sent(sk);
	struct counts more = {.sent = bytes, .datagrams_sent = 1};
	return count_datagram(sk, &more);
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(enishi_received_bytes, struct sock *sk, int bytes, int flags)
{
	if (!is_udp(sk))
		return 0;
	if (bytes < 0 || (flags & MSG_PEEK))
		return forget_addressed();
	if (remote_port(sk))
		received(sk);
	struct counts more = {.received = bytes, .datagrams_received = 1};
	return count_datagram(sk, &more);
}

// The peer that was told last, lately: what nearly every datagram meets.
static __always_inline bool is_told_lately(const struct told *last, const struct peer *to, __u64 now)
{
	return last && !last->generation && last->peer_port == to->port && now - last->told_at < TELL_AGAIN_NS &&
	       same_address(last->flow.remote, to->remote);
}

// A connected socket talks to its own peer, and is told by that: the hooks run for it too where it is asked for the
// sender, or is an IPv6 socket with a v4-mapped peer (net/ipv6/udp.c, udpv6_sendmsg).
static __always_inline bool is_own_peer(const struct sock *sk, const struct peer *to)
{
	__u8 remote[16] __attribute__((aligned(8)));
	if (remote_port(sk) != to->port)
		return false;
	address(remote, sk, true);
	return same_address(remote, to->remote);
}

static __always_inline int exchanged(struct bpf_sock_addr *context, struct peer *to, bool sent)
{
	struct bpf_sock *socket = context->sk;
	__u64 now = bpf_ktime_get_coarse_ns();
	const struct config *config = configured();
	if (!socket || !config)
		return 1;
	struct told *last = bpf_sk_storage_get(&told, socket, 0, 0);
	bool lately = is_told_lately(last, to, now);
	if (lately && !config->udp_bytes)
		return 1;
	struct bpf_sock_addr_kern *kernel = bpf_cast_to_kern_ctx(context);
	struct sock *sk = AS(struct sock, kernel->sk);
	if (sk->sk_protocol != IPPROTO_UDP || is_own_peer(sk, to))
		return 1;
	to->cookie = bpf_get_socket_cookie(context);
	struct peer_told *before = bpf_map_lookup_elem(&peers, to);
	struct peer_told begun = {.told_at = now};
	struct told next = {.peer_port = to->port, .told_at = now};
	next.heard_first = last ? last->heard_first : !sent;
	// Who hears first was asked. But a socket may ask many at once, by broadcast, and hear from another than it asked.
	bool serves = !sent && (is_bound_by_name(sk) || next.heard_first);
	begun.role = before ? before->role : serves ? ROLE_SERVER : ROLE_CLIENT;
	ends(&next.flow, sk, IPPROTO_UDP, begun.role);
	__builtin_memcpy(next.flow.remote, to->remote, sizeof(to->remote));
	if (begun.role == ROLE_CLIENT)
		next.flow.server_port = to->port;
	bool known = current_process(&next.flow, config);
	if (known && !is_of_this_host(&next.flow, config))
		return 1;
	if (config->udp_bytes) {
		__u32 thread = (__u32)bpf_get_current_pid_tgid();
		bpf_map_update_elem(&addressed, &thread, &next.flow, BPF_ANY);
	}
	if (lately)
		return 1;
	struct counts more = {};
	if (!before) {
		more.opened = 1;
		more.closed = 1;
		if (!known)
			COUNT_LOSS(nobody, 1);
	}
	if (before && now - before->told_at < TELL_AGAIN_NS) {
		next.told_at = before->told_at;
	} else {
		if (!fold(&next.flow, &more)) {
			if (before)
				COUNT_LOSS(datagrams, 1);
			else
				COUNT_LOSS(opened, 1);
		}
		bpf_map_update_elem(&peers, to, &begun, BPF_ANY);
	}
	if (!last)
		last = bpf_sk_storage_get(&told, socket, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (last && !last->generation && !last->held)
		*last = next;
	return 1;
}

static __always_inline int exchanged4(struct bpf_sock_addr *context, bool sent)
{
	struct peer to = {.port = bpf_ntohs(context->user_port)};
	__u32 *words = (__u32 *)to.remote;
	words[2] = bpf_htonl(0xffff);
	words[3] = context->user_ip4;
	return exchanged(context, &to, sent);
}

static __always_inline int exchanged6(struct bpf_sock_addr *context, bool sent)
{
	struct peer to = {.port = bpf_ntohs(context->user_port)};
	__u32 *words = (__u32 *)to.remote;
	words[0] = context->user_ip6[0];
	words[1] = context->user_ip6[1];
	words[2] = context->user_ip6[2];
	words[3] = context->user_ip6[3];
	return exchanged(context, &to, sent);
}

SEC("cgroup/sendmsg4")
int enishi_sendmsg4(struct bpf_sock_addr *context)
{
	return exchanged4(context, true);
}

SEC("cgroup/sendmsg6")
int enishi_sendmsg6(struct bpf_sock_addr *context)
{
	return exchanged6(context, true);
}

SEC("cgroup/recvmsg4")
int enishi_recvmsg4(struct bpf_sock_addr *context)
{
	return exchanged4(context, false);
}

SEC("cgroup/recvmsg6")
int enishi_recvmsg6(struct bpf_sock_addr *context)
{
	return exchanged6(context, false);
}
