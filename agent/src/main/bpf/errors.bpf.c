// Failed connects. A socket that a blocking connect could not connect has lost its port by its release; here, where
// nothing runs but on errors (net/ipv4/af_inet.c, inet_sk_error_report), it still has it. The context may be an
// interrupt, so whose it is waits for the release.
#include "told.h"

SEC("tp_btf/inet_sk_error_report")
int BPF_PROG(enishi_error, struct sock *sk)
{
	if (sk->sk_protocol != IPPROTO_TCP || !is_inet(sk))
		return 0;
	struct tcp_sock *tcp = AS_TCP(sk);
	struct told *before = bpf_sk_storage_get(&told, sk, 0, 0);
	if (before && before->released)
		return 0;
	if (!remote_port(sk)) {
		if (before && before->generation) {	// disconnected, to be used again: what was told of it ends here
			struct counts more = {.closed = 1};
			const struct config *config = configured();
			if (config && before->generation == config->generation && !fold(&before->flow, &more))
				count_lost_end(&more);
			bpf_sk_storage_delete(&told, sk);
		} else if (!before && sk->sk_socket) {	// not one that nobody accepted, whose listener closed
			COUNT_LOSS(reconnected, 1);
		}
		return 0;
	}
	if (is_established(tcp) || (before && before->generation))
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
		fold_attempt(&kept->flow, &earlier);	// the same socket asked another before: nobody's by now
		kept->flow = begun.flow;
		kept->failed = 0;
	}
	kept->failed++;
	return 0;
}
