// Failed connects, and datagrams that nobody was there for. A socket that a blocking connect could not connect has lost
// its port by its release; here, where nothing runs but on errors (net/ipv4/af_inet.c, inet_sk_error_report), it still
// has it. The context may be an interrupt, so whose it is waits for the release.
#include "udp.h"

static __always_inline void refused(const struct sock *sk, struct told *kept)
{
	struct flow flow = {};
	if (has_received(sk))
		return;
	ends(&flow, sk, IPPROTO_UDP, ROLE_CLIENT);
	struct port port = asked_port(&flow);
	__u64 now = bpf_ktime_get_ns();
	bpf_map_update_elem(&refusals, &port, &now, BPF_ANY);
	if (kept && is_of_peer(kept, sk))
		refuse(kept);
}

SEC("tp_btf/inet_sk_error_report")
int BPF_PROG(enishi_error, struct sock *sk)
{
	if (!is_inet(sk))
		return 0;
	struct told *before = bpf_sk_storage_get(&told, sk, 0, 0);
	if (sk->sk_protocol == IPPROTO_UDP && sk->sk_err == ECONNREFUSED)
		refused(sk, before);
	if (sk->sk_protocol != IPPROTO_TCP || (before && before->released))
		return 0;
	if (!remote_port(sk)) {
		if (before && before->generation) {	// disconnected, to be used again: what was told of it ends here
			struct counts more = {.closed = 1};
			const struct config *config = configured();
			if (config && before->generation == config->generation && !fold(&before->flow, &more))
				count_lost_end(&more);
			bpf_sk_storage_delete(&told, sk);
		} else if ((!before || !before->failed) && sk->sk_socket) {	// not one that nobody accepted, whose listener closed
			COUNT_LOSS(reconnected, 1);
		}
		return 0;
	}
	if (is_established(AS_TCP(sk)) || (before && before->generation))
		return 0;
	struct told begun = {};
	ends(&begun.flow, sk, IPPROTO_TCP, ROLE_CLIENT);
	struct told *kept = bpf_sk_storage_get(&told, sk, &begun, BPF_SK_STORAGE_GET_F_CREATE);
	if (!kept) {
		COUNT_LOSS(failed, 1);
		return 0;
	}
	if (kept->flow.server_port != begun.flow.server_port ||
	    !same_address(kept->flow.remote, begun.flow.remote)) {
		struct counts earlier = {.failed = kept->failed};
		if (kept->failed)
			fold_attempt(&kept->flow, &earlier);	// the same socket asked another before: nobody's by now
		own(&begun.flow, &kept->flow);
		kept->flow = begun.flow;
		kept->failed = 0;
	}
	kept->failed++;
	return 0;
}
