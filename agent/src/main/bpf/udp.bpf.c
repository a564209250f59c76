// Datagrams, by hooks that TCP runs not at all, or once to turn back: whom an unconnected socket sends to and hears from
// (net/ipv4/udp.c, net/ipv6/udp.c), and that a connected one sent at all (net/socket.c, sock_sendmsg_nosec).
#include "udp.h"

// A connected socket has sent to its peer, or received from it.
static __always_inline int spoke(struct sock *sk, __u8 role)
{
	struct told *before = bpf_sk_storage_get(&told, sk, 0, 0);
	if (is_told(before, sk))
		return 0;
	const struct config *config = configured();
	if (!config)
		return 0;
	if (before && before->generation)
		tell_closed(before, config);
	struct told begun = {.generation = config->generation, .peer_port = remote_port(sk)};
	struct counts more = {.last_seen = bpf_ktime_get_ns()};
	ends(&begun.flow, sk, IPPROTO_UDP, role);
	if (!current_process(&begun.flow, config))
		COUNT_LOSS(nobody, 1);
	struct told *kept = bpf_sk_storage_get(&told, sk, &begun, BPF_SK_STORAGE_GET_F_CREATE);
	more.opened = 1;
	if (!fold(&begun.flow, &more)) {
		COUNT_LOSS(opened, 1);
		more.closed = 1;
	}
	if (kept)
		*kept = begun;
	return 0;
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(enishi_sent, struct sock *sk, int bytes)
{
	if (sk->sk_protocol != IPPROTO_UDP || bytes < 0 || !is_inet(sk) || !remote_port(sk))
		return 0;
	return spoke(sk, ROLE_CLIENT);
}

static __always_inline int exchanged(struct bpf_sock_addr *context, const struct peer *to, bool sent)
{
	struct bpf_sock_addr_kern *kernel = bpf_cast_to_kern_ctx(context);
	struct sock *sk = AS(struct sock, kernel->sk);
	__u64 now = bpf_ktime_get_ns();
	struct peer_told *before = bpf_map_lookup_elem(&peers, to);
	if (before && now - before->told_at < TELL_AGAIN_NS)
		return 1;
	const struct config *config = configured();
	if (!config || sk->sk_protocol != IPPROTO_UDP)
		return 1;
	struct peer_told begun = {.told_at = now};
	begun.role = before ? before->role : !sent && is_bound_by_name(sk) ? ROLE_SERVER : ROLE_CLIENT;
	struct flow flow = {};
	struct counts more = {.last_seen = now};
	ends(&flow, sk, IPPROTO_UDP, begun.role);
	__builtin_memcpy(flow.remote, to->remote, sizeof(flow.remote));
	if (begun.role == ROLE_CLIENT)
		flow.server_port = to->port;
	if (!current_process(&flow, config))
		COUNT_LOSS(nobody, 1);
	if (!before) {
		more.opened = 1;
		more.closed = 1;
	}
	if (!fold(&flow, &more) && !before)
		COUNT_LOSS(opened, 1);
	bpf_map_update_elem(&peers, to, &begun, BPF_ANY);
	return 1;
}

static __always_inline int exchanged4(struct bpf_sock_addr *context, bool sent)
{
	struct peer to = {.cookie = bpf_get_socket_cookie(context), .port = bpf_ntohs(context->user_port)};
	__u32 *words = (__u32 *)to.remote;
	words[2] = bpf_htonl(0xffff);
	words[3] = context->user_ip4;
	return exchanged(context, &to, sent);
}

static __always_inline int exchanged6(struct bpf_sock_addr *context, bool sent)
{
	struct peer to = {.cookie = bpf_get_socket_cookie(context), .port = bpf_ntohs(context->user_port)};
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
