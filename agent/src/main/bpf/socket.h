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

// The peer's FIN counts as a byte received.
static __always_inline __u64 received_bytes(const struct sock *sk, const struct tcp_sock *tcp)
{
	__u64 received = tcp->bytes_received;
	return received && (sk->__sk_common.skc_flags & (1UL << SOCK_DONE)) ? received - 1 : received;
}
