// What a socket tells of itself.
#pragma once

#include "fold.h"

enum { RECEIVING_TURNS_MAX = 100000, RECEIVING_MAX_NS = 1000000 };

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

// Who asked. An accepted socket inherits the backlog of its listener, an active one has none. Where that is 0, which a
// listener may ask for, the sequence numbers tell: what was ever acknowledged and what is under way is what was sent,
// and on the side that asked the SYN too.
static __always_inline __u8 tcp_role(const struct sock *sk, const struct tcp_sock *tcp)
{
	if (sk->sk_max_ack_backlog)
		return ROLE_SERVER;
	__u64 beyond = tcp->bytes_acked + (tcp->snd_nxt - tcp->snd_una) - (tcp->bytes_sent - tcp->bytes_retrans);
	__u8 state = sk->__sk_common.skc_state;
	bool sent_fin = state != TCP_ESTABLISHED && state != TCP_CLOSE_WAIT && state != TCP_CLOSE;
	return beyond > (sent_fin ? 1 : 0) ? ROLE_CLIENT : ROLE_SERVER;
}

// Payload that this end has written, also what waits to be sent; the FIN is no payload.
static __always_inline __u64 sent_bytes(const struct sock *sk, const struct tcp_sock *tcp)
{
	__u32 waiting = tcp->write_seq - tcp->snd_nxt;
	if (waiting && (sk->sk_shutdown & SEND_SHUTDOWN))
		waiting--;
	return tcp->bytes_sent - tcp->bytes_retrans + waiting;
}

#define READ_ONCE(what) (*(volatile __typeof__(what) *)&(what))

// The spin lock, which is 0 while nobody has it, comes first in the socket's lock (include/net/sock.h, socket_lock_t;
// include/asm-generic/qspinlock_types.h).
static __always_inline bool is_receiving(const struct sock *sk)
{
	const void *lock = &sk->sk_lock;
	barrier_var(lock);	// the type of what is read is not the member's
	return *(const volatile __u32 *)lock;
}

struct wait {
	const struct sock *sk;
	__u64 begun;
};

static long is_settled(__u32 turn, struct wait *wait)
{
	return !is_receiving(wait->sk) || bpf_ktime_get_ns() - wait->begun > RECEIVING_MAX_NS;
}

// Waits while another processor receives a segment, as the kernel does next when it closes the socket; not for ever.
static __always_inline void await_received(const struct sock *sk)
{
	struct wait wait = {.sk = sk, .begun = bpf_ktime_get_ns()};
	bpf_loop(RECEIVING_TURNS_MAX, is_settled, &wait, 0);
}

// The peer's FIN counts as a byte received, and a moment later the socket is marked (net/ipv4/tcp_input.c,
// tcp_data_queue): another processor may be between the two just now.
static __always_inline __u64 received_bytes(const struct sock *sk, const struct tcp_sock *tcp)
{
#ifdef TCP_ALONE
	__u64 received = tcp->bytes_received;	// a change of state holds the lock
	bool fin = sk->__sk_common.skc_flags & (1UL << SOCK_DONE);
#else
	__u64 received = 0;
	bool fin = false;
#pragma unroll
	for (int turn = 0; turn < 3; turn++) {
		__u32 next = READ_ONCE(tcp->rcv_nxt);
		bool unsettled = is_receiving(sk);
		received = READ_ONCE(tcp->bytes_received);
		fin = READ_ONCE(sk->__sk_common.skc_flags) & (1UL << SOCK_DONE);
		unsettled |= is_receiving(sk);
		unsettled |= next != READ_ONCE(tcp->rcv_nxt);
		if (!unsettled)
			break;
		await_received(sk);
	}
#endif
	return received && fin ? received - 1 : received;
}
