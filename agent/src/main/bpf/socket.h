// What a socket tells of itself.
#pragma once

#include "fold.h"

static __always_inline void address(__u8 *to, const struct sock *sk, bool remote)
{
	__u32 *words = (__u32 *)to;
	if (sk->__sk_common.skc_family == AF_INET) {
		words[0] = 0;
		words[1] = 0;
		words[2] = bpf_htonl(0xffff);
		words[3] = remote ? sk->__sk_common.skc_daddr : sk->__sk_common.skc_rcv_saddr;
	} else if (remote) {
		words[0] = sk->__sk_common.skc_v6_daddr.in6_u.u6_addr32[0];
		words[1] = sk->__sk_common.skc_v6_daddr.in6_u.u6_addr32[1];
		words[2] = sk->__sk_common.skc_v6_daddr.in6_u.u6_addr32[2];
		words[3] = sk->__sk_common.skc_v6_daddr.in6_u.u6_addr32[3];
	} else {
		words[0] = sk->__sk_common.skc_v6_rcv_saddr.in6_u.u6_addr32[0];
		words[1] = sk->__sk_common.skc_v6_rcv_saddr.in6_u.u6_addr32[1];
		words[2] = sk->__sk_common.skc_v6_rcv_saddr.in6_u.u6_addr32[2];
		words[3] = sk->__sk_common.skc_v6_rcv_saddr.in6_u.u6_addr32[3];
	}
}

static __always_inline bool is_inet(const struct sock *sk)
{
	return sk->__sk_common.skc_family == AF_INET || sk->__sk_common.skc_family == AF_INET6;
}

// The port that the socket is bound to: skc_num is 0 once it is closed (net/ipv4/inet_connection_sock.c,
// inet_put_port).
static __always_inline __u16 local_port(const struct sock *sk)
{
	const struct inet_sock *inet = AS_INET(sk);
	return inet ? bpf_ntohs(inet->inet_sport) : 0;
}

static __always_inline __u16 remote_port(const struct sock *sk)
{
	return bpf_ntohs(sk->__sk_common.skc_dport);
}

// The ends, the namespace, the role and with it the server's port.
static __always_inline void ends(struct flow *flow, const struct sock *sk, __u8 transport, __u8 role)
{
	address(flow->local, sk, false);
	address(flow->remote, sk, true);
	flow->namespace = sk->__sk_common.skc_net.net->ns.inum;
	flow->server_port = role == ROLE_CLIENT ? remote_port(sk) : local_port(sk);
	flow->transport = transport;
	flow->role = role;
}

// Whether the handshake was ever completed: both ends have measured a round trip by then, and an active open counts its
// own SYN among what was acknowledged (net/ipv4/tcp_input.c, tcp_finish_connect and tcp_rcv_state_process).
static __always_inline bool is_established(const struct tcp_sock *tcp)
{
	return tcp->srtt_us || tcp->bytes_acked || tcp->bytes_received;
}

// What an end has counted.
struct tally {
	__u64 sent;		// payload that it has written; the FIN is no payload
	__u64 received;
	__u32 waiting;		// of what it has written, not sent yet
	__u32 retransmits;
	__u32 rtt_us;
	__u8 role;		// ROLE_*: who asked
};

#define READ_ONCE(what) (*(volatile __typeof__(what) *)&(what))

// Whether anybody works on a socket: another processor that receives, by the spin lock, which comes first in the socket's
// lock and is 0 while nobody has it, or a process that sends or receives, by who owns it (include/net/sock.h,
// socket_lock_t; include/asm-generic/qspinlock_types.h).
static __always_inline bool is_busy(const struct sock *sk)
{
	const void *lock = &sk->sk_lock;
	barrier_var(lock);	// the type of what is read is not the member's
	return *(const volatile __u32 *)lock || READ_ONCE(sk->sk_lock.owned);
}

#ifdef TCP_ALONE

enum { TURNS = 1 };

static __always_inline void await_idle(const struct sock *sk)	// bpf_loop is Linux 5.17
{
}

#else

enum { TURNS = 3, AWAITING_TURNS_MAX = 100000, AWAITING_MAX_NS = 1000000 };

struct wait {
	const struct sock *sk;
	__u64 begun;
};

static long is_over(__u32 turn, struct wait *wait)
{
	return !is_busy(wait->sk) || bpf_ktime_get_ns() - wait->begun > AWAITING_MAX_NS;
}

// Waits until nobody works on it, as the kernel does next when it closes the socket; not for ever.
static __always_inline void await_idle(const struct sock *sk)
{
	struct wait wait = {.sk = sk, .begun = bpf_ktime_get_ns()};
	bpf_loop(AWAITING_TURNS_MAX, is_over, &wait, 0);
}

#endif

// Reads it as it stands, which is exact while nobody works on the socket. An accepted socket inherits the backlog of its
// listener, an active one has none. Where that is 0, which a listener may ask for, the sequence numbers tell: what was
// ever acknowledged and what is under way is what was sent, and on the side that asked the SYN too. The peer's FIN counts
// as a byte received, and a moment later the socket is marked (net/ipv4/tcp_input.c, tcp_data_queue).
static __always_inline void count(struct tally *tally, const struct sock *sk, const struct tcp_sock *tcp)
{
	__u8 state = sk->__sk_common.skc_state;
	bool sent_fin = state != TCP_ESTABLISHED && state != TCP_CLOSE_WAIT && state != TCP_CLOSE;
	__u32 next = READ_ONCE(tcp->snd_nxt);
	__u64 sent = READ_ONCE(tcp->bytes_sent) - READ_ONCE(tcp->bytes_retrans);
	__u64 beyond = READ_ONCE(tcp->bytes_acked) + (next - READ_ONCE(tcp->snd_una)) - sent;
	bool asked = !sk->sk_max_ack_backlog && beyond > (sent_fin ? 1 : 0);
	__u32 waiting = READ_ONCE(tcp->write_seq) - next;
	if (waiting && (sk->sk_shutdown & SEND_SHUTDOWN))
		waiting--;
	tally->role = asked ? ROLE_CLIENT : ROLE_SERVER;
	tally->sent = sent + waiting;
	tally->waiting = waiting;
	tally->received = READ_ONCE(tcp->bytes_received);
	if (tally->received && (READ_ONCE(sk->__sk_common.skc_flags) & (1UL << SOCK_DONE)))
		tally->received--;
	tally->retransmits = tcp->total_retrans;
	tally->rtt_us = tcp->srtt_us >> 3;
}

// Reads it while nobody works on the socket, if that can be. Where not, the sequence numbers tell no role: a segment is
// counted as sent a while before it is taken from what waits (net/ipv4/tcp_output.c, __tcp_transmit_skb and
// tcp_event_new_data_sent). Then the role is that of nearly all without a backlog, the client's. Returns whether it could.
static __always_inline bool count_settled(struct tally *tally, const struct sock *sk, const struct tcp_sock *tcp)
{
#pragma unroll
	for (int turn = 0; turn < TURNS; turn++) {
		__u32 heard = READ_ONCE(tcp->rcv_nxt), acked = READ_ONCE(tcp->snd_una), said = READ_ONCE(tcp->snd_nxt);
		bool busy = is_busy(sk);
		count(tally, sk, tcp);
		busy |= is_busy(sk);
		busy |= heard != READ_ONCE(tcp->rcv_nxt) || acked != READ_ONCE(tcp->snd_una);
		if (!busy && said == READ_ONCE(tcp->snd_nxt))
			return true;
		await_idle(sk);
	}
	tally->role = sk->sk_max_ack_backlog ? ROLE_SERVER : ROLE_CLIENT;
	return false;
}

// The same of a socket that stays open: what is not certain yet is left for the next time. Returns whether the role is.
static __always_inline bool count_open(struct tally *tally, const struct sock *sk, const struct tcp_sock *tcp)
{
	if (count_settled(tally, sk, tcp))
		return true;
	tally->sent -= tally->waiting;
	tally->received -= tally->received ? 1 : 0;
	return sk->sk_max_ack_backlog;
}
