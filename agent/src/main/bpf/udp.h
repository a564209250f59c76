// UDP. A socket with a peer of its own is told like a connection, once it has received, or has sent and no error came
// back; connecting alone is no conversation, for getaddrinfo connects to every address it may prefer. One without is told
// by its peers.
#pragma once

#include "looking.h"
#include "told.h"

// A peer of an unconnected socket. To forget the one least talked to costs a conversation counted twice, no count.
struct peer {
	__u64 cookie;
	__u8 remote[16];
	__u32 port;
	__u32 padding;
};

struct peer_told {
	__u64 told_at;
	__u64 role;	// as wide, so that every byte is written
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, PEERS_MAX);
	__type(key, struct peer);
	__type(value, struct peer_told);
} peers SEC(".maps");

// A conversation that goes on is told this often, so that it shows in every minute.
#define TELL_AGAIN_NS 5000000000ULL

// A socket with a peer of its own that has sent and not received yet.
enum {
	HELD_SENT = 1,
	HELD_REFUSED,	// and since then it was refused: nobody has the port (RFC 1122, section 4.1.3.3)
};

// Who is refused is told so once a second, after the first few times (net/ipv4/icmp.c, icmpv4_xrlim_allow): what was sent
// meanwhile is as refused. What the programs saw no refusal of because they are too young is taken for refused too.
#define REFUSAL_NS 10000000000ULL

struct port {
	__u8 address[16];
	__u32 namespace;
	__u32 port;
};

// When datagrams to it were last refused. To forget one costs a conversation that was none.
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, REFUSALS_MAX);
	__type(key, struct port);
	__type(value, __u64);
} refusals SEC(".maps");

static __always_inline struct port asked_port(const struct flow *flow)
{
	struct port port = {.namespace = flow->namespace, .port = flow->server_port};
	__builtin_memcpy(port.address, flow->remote, sizeof(port.address));
	return port;
}

// Whether what was sent at that time was refused, for all that is known.
static __always_inline bool is_refused(const struct flow *flow, __u64 sent_at)
{
	struct port port = asked_port(flow);
	__u64 *at = bpf_map_lookup_elem(&refusals, &port);
	return at && *at + REFUSAL_NS > sent_at;
}

static __always_inline bool is_bound_by_name(const struct sock *sk)
{
	return sk->sk_userlocks & SOCK_BINDPORT_LOCK;
}

// Set by the first datagram that a connected socket receives (net/ipv4/udp.c, __udp_queue_rcv_skb).
static __always_inline bool has_received(const struct sock *sk)
{
	return sk->__sk_common.skc_incoming_cpu >= 0;
}

// Whether what is kept is of the peer that the socket has now.
static __always_inline bool is_of_peer(const struct told *kept, const struct sock *sk)
{
	__u8 remote[16] __attribute__((aligned(8)));
	address(remote, sk, true);
	return kept->peer_port == remote_port(sk) && same_address(kept->flow.remote, remote);
}

static __always_inline bool is_told(const struct told *before, const struct sock *sk)
{
	return before && before->generation && is_of_peer(before, sk);
}

// What a socket has sent was refused, if nothing is told of it yet.
static __always_inline void refuse(struct told *kept)
{
	__sync_val_compare_and_swap(&kept->held, HELD_SENT, HELD_REFUSED);
	if (kept->held)
		__sync_fetch_and_add(&kept->failed, 1);
}

// Takes what was sent and is not told yet. Others may be sending.
static __always_inline void take_sent(struct counts *more, struct told *kept)
{
	more->sent = __sync_lock_test_and_set(&kept->sent, 0);
	more->datagrams_sent = __sync_lock_test_and_set(&kept->datagrams, 0);
}

// Tells what was refused: an attempt, whatever came of later ones.
static __always_inline void tell_refused(struct told *kept)
{
	struct counts attempts = {.failed = __sync_lock_test_and_set(&kept->failed, 0)};
	struct flow asked = kept->flow;
	if (attempts.failed)
		fold_attempt(&asked, &attempts);
}

// Tells the end of what is kept, with what of it was held back until now.
static __always_inline void tell_closed(struct told *kept, bool received, const struct config *config)
{
	struct counts end = {};
	__u32 held = __sync_lock_test_and_set(&kept->held, 0);
	bool refused = held == HELD_REFUSED && !received;
	if (held == HELD_SENT && !received &&
	    (is_refused(&kept->flow, kept->told_at) || kept->told_at < config->refusals_since)) {
		refused = true;
		__sync_fetch_and_add(&kept->failed, 1);
	}
	tell_refused(kept);
	if (refused || (!kept->generation && !held))
		return;
	if (kept->generation)
		count_end(&end, kept, config);
	else
		end.opened = end.closed = 1;
	take_sent(&end, kept);
	if (!fold(&kept->flow, &end))
		count_lost_end(&end);
}

// Tells what was held back as open; where that finds no room it stays held.
static __always_inline void tell_held(struct told *kept, const struct config *config)
{
	struct counts more = {.opened = 1};
	if (!__sync_lock_test_and_set(&kept->held, 0))
		return;
	take_sent(&more, kept);
	if (fold(&kept->flow, &more)) {
		kept->generation = config->generation;
		return;
	}
	__sync_fetch_and_add(&kept->sent, more.sent);
	__sync_fetch_and_add(&kept->datagrams, more.datagrams_sent);
	kept->held = HELD_SENT;
}

static __always_inline int release_udp(struct bpf_sock *context, const struct sock *sk, const struct config *config)
{
	struct told *before = bpf_sk_storage_get(&told, context, 0, 0);
	bool is_kept = before && (before->generation || before->held);
	if (is_kept)
		tell_closed(before, has_received(sk), config);
	if (!remote_port(sk) || !has_received(sk) || (is_kept && is_of_peer(before, sk)))
		return 1;
	struct flow flow = {};
	struct counts more = {};
	ends(&flow, sk, IPPROTO_UDP, is_bound_by_name(sk) ? ROLE_SERVER : ROLE_CLIENT);
	bool known = !is_looking() && current_process(&flow, config);
	if (known && !is_of_this_host(&flow, config))
		return 1;
	if (!known)
		COUNT_LOSS(nobody, 1);
	count_end(&more, NULL, config);
	if (!fold(&flow, &more))
		count_lost_end(&more);
	return 1;
}

static __always_inline int sweep_udp(struct sock *sk, struct task_struct *task, const struct config *config)
{
	struct told *before = bpf_sk_storage_get(&told, sk, 0, 0);
	struct counts more = {};
	if (before && before->generation) {
		if (before->generation == config->generation)
			return 0;
		more.adopted = 1;
		if (fold(&before->flow, &more))
			before->generation = config->generation;
		return 0;
	}
	if (before && before->held) {
		bool stands = before->held == HELD_SENT && bpf_ktime_get_ns() - before->told_at > REFUSAL_NS;
		if (has_received(sk))
			tell_held(before, config);
		else if (stands && is_refused(&before->flow, before->told_at))
			refuse(before);
		else if (stands)
			tell_held(before, config);
		tell_refused(before);
		return 0;
	}
	if (!remote_port(sk) || !has_received(sk))
		return 0;
	struct told begun = {.generation = config->generation, .peer_port = remote_port(sk)};
	ends(&begun.flow, sk, IPPROTO_UDP, is_bound_by_name(sk) ? ROLE_SERVER : ROLE_CLIENT);
	process(&begun.flow, task, config);
	return tell_open(sk, &begun, &more, config);
}
