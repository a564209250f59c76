// UDP. A socket with a peer of its own is told like a connection, once it has sent or received; connecting alone is no
// conversation, for getaddrinfo connects to every address it may prefer. One without is told by its peers.
#pragma once

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

// Told as opened and lost: its end counts for nothing, and the next sweep adopts it.
#define OF_NO_GENERATION (~0U)

// A conversation that goes on is told this often, so that it shows in every minute.
#define TELL_AGAIN_NS 5000000000ULL

static __always_inline bool is_bound_by_name(const struct sock *sk)
{
	return sk->sk_userlocks & SOCK_BINDPORT_LOCK;
}

// Set by the first datagram that a connected socket receives (net/ipv4/udp.c, __udp_queue_rcv_skb).
static __always_inline bool has_received(const struct sock *sk)
{
	return sk->__sk_common.skc_incoming_cpu >= 0;
}

// Whether this peer is the one that was told.
static __always_inline bool is_told(const struct told *before, const struct sock *sk)
{
	__u8 remote[16] __attribute__((aligned(8)));
	if (!before || !before->generation)
		return false;
	address(remote, sk, true);
	return before->peer_port == remote_port(sk) && same_address(before->flow.remote, remote);
}

static __always_inline void tell_closed(const struct told *before, const struct config *config)
{
	struct counts end = {};
	count_end(&end, before, config);
	if (!fold(&before->flow, &end))
		count_lost_end(&end);
}

static __always_inline int release_udp(struct bpf_sock *context, const struct sock *sk, const struct config *config)
{
	struct told *before = bpf_sk_storage_get(&told, context, 0, 0);
	if (before && before->generation)
		tell_closed(before, config);
	if (!remote_port(sk) || !has_received(sk) || is_told(before, sk))
		return 1;
	struct flow flow = {};
	struct counts more = {};
	ends(&flow, sk, IPPROTO_UDP, is_bound_by_name(sk) ? ROLE_SERVER : ROLE_CLIENT);
	bool known = current_process(&flow, config);
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
	if (before && before->generation && before->generation != config->generation) {
		more.adopted = 1;
		if (fold(&before->flow, &more))
			before->generation = config->generation;
		return 0;
	}
	if ((before && before->generation) || !remote_port(sk) || !has_received(sk))
		return 0;
	struct told begun = {.generation = config->generation, .peer_port = remote_port(sk)};
	ends(&begun.flow, sk, IPPROTO_UDP, is_bound_by_name(sk) ? ROLE_SERVER : ROLE_CLIENT);
	process(&begun.flow, task, config);
	return tell_open(sk, &begun, &more, config);
}
