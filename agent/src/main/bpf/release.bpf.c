// One run for each socket, when its last holder gives it up, in the process that does (net/ipv4/af_inet.c,
// inet_release). Whatever was not told by then is told here: nearly every connection costs this run and nothing else.
#include "looking.h"
#include "told.h"
#include "udp.h"

static __always_inline int release_tcp(struct bpf_sock *context, const struct sock *sk, const struct config *config)
{
	struct tcp_sock *tcp = AS_TCP(sk);
	__u8 state = sk->__sk_common.skc_state;
	if (state == TCP_LISTEN)
		return 1;
	struct told *before = bpf_sk_storage_get(&told, context, 0, 0);
	// Closing with linger 0 disconnects it next (net/ipv4/tcp.c, __tcp_close), which looks as if it were used again.
	struct told *ended = before;
	if (!ended && (sk->__sk_common.skc_flags & (1UL << SOCK_LINGER)))
		ended = bpf_sk_storage_get(&told, context, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (ended)
		ended->released = 1;
	__u32 failed = before ? before->failed : 0;
	bool established = before && before->generation ? true : is_established(tcp);
	if (!established && !failed && state == TCP_CLOSE && !remote_port(sk))
		return 1;	// it never asked
	struct flow flow = {};
	struct counts more = {};
	struct tally now = {.role = ROLE_CLIENT};
	if (established)
		count_settled(&now, sk, tcp);
	if (before && before->generation) {
		flow = before->flow;
	} else {
		ends(&flow, sk, IPPROTO_TCP, now.role);
		bool known = !is_looking() && current_process(&flow, config);
		if (!known && before && before->flow.started) {
			own(&flow, &before->flow);
			known = true;
		}
		if (known && !is_of_this_host(&flow, config))
			return 1;
		if (!known)
			COUNT_LOSS(nobody, 1);
	}
	if (established) {
		grown(&more, &now, before && before->generation ? before : NULL);
		count_end(&more, before && before->generation ? before : NULL, config);
		if (!fold(&flow, &more))
			count_lost_end(&more);
	}
	if (failed || !established) {
		struct counts attempts = {.failed = failed ? failed : 1};
		if (failed) {
			__builtin_memcpy(flow.remote, before->flow.remote, sizeof(flow.remote));
			__builtin_memcpy(flow.local, before->flow.local, sizeof(flow.local));
			flow.server_port = before->flow.server_port;
			flow.role = ROLE_CLIENT;
		}
		fold_attempt(&flow, &attempts);
	}
	return 1;
}

SEC("cgroup/sock_release")
int enishi_release(struct bpf_sock *context)
{
	if (context->family != AF_INET && context->family != AF_INET6)
		return 1;
	const struct sock *sk = bpf_cast_to_kern_ctx(context);
	const struct config *config = configured();
	if (!config)
		return 1;
	if (context->protocol == IPPROTO_TCP)
		return release_tcp(context, sk, config);
	if (context->protocol == IPPROTO_UDP)
		return release_udp(context, sk, config);
	if (sk->sk_protocol == IPPROTO_MPTCP)
		COUNT_LOSS(mptcp, 1);
	return 1;
}
