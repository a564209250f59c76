// Connections by the changes of their sockets' states (net/ipv4/tcp.c, tcp_set_state; net/ipv4/af_inet.c,
// inet_sk_set_state): needs no cgroup, but runs about five times for each end. Only some of these changes run in the
// process that causes them.
#include "states.h"

// CLOSE to SYN_SENT runs in connect(). What was held back of an earlier use of the same socket ends here.
static __always_inline int asking(struct sock *sk, const struct config *config)
{
	struct told *kept = bpf_sk_storage_get(&told, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!kept)
		return 0;
	if (kept->stage & STAGE_ENDED) {
		own_current(kept, config);
		tell_whole(kept, config);
	}
	__builtin_memset(&kept->flow, 0, sizeof(kept->flow));
	kept->generation = 0;
	kept->stage = STAGE_ASKED;
	kept->claim = CLAIM_FREE;
	own_current(kept, config);
	return 0;
}

// To LISTEN runs in listen(), also for each of several with SO_REUSEPORT.
static __always_inline int listening(struct sock *sk, const struct config *config)
{
	struct told begun = {.stage = STAGE_ACCEPTED};
	current_process(&begun.flow, config);
	struct told *kept = bpf_sk_storage_get(&told, sk, &begun, BPF_SK_STORAGE_GET_F_CREATE);
	if (kept)
		*kept = begun;
	return 0;
}

// ESTABLISHED to FIN_WAIT1 and CLOSE_WAIT to LAST_ACK run in close() or shutdown(): whoever serves a connection, be it
// another than listened, ends it.
static __always_inline int giving_up(struct sock *sk, const struct config *config)
{
	struct told *kept = bpf_sk_storage_get(&told, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!kept || kept->generation || (kept->stage & (STAGE_ASKED | STAGE_HELD)))
		return 0;
	if (__sync_val_compare_and_swap(&kept->claim, CLAIM_FREE, CLAIM_BUSY) != CLAIM_FREE)
		return 0;	// being told as open
	own_current(kept, config);
	kept->stage |= STAGE_HELD;
	kept->claim = CLAIM_FREE;
	return 0;
}

// SYN_SENT to CLOSE: refused, timed out or given up.
static __always_inline int failed(struct sock *sk, const struct config *config)
{
	struct flow flow = {};
	struct counts attempts = {.failed = 1};
	struct told *kept = bpf_sk_storage_get(&told, sk, 0, 0);
	ends(&flow, sk, IPPROTO_TCP, ROLE_CLIENT);
	if (kept)
		own(&flow, &kept->flow);
	if (!is_of_this_host(&flow, config))
		return 0;
	if (!flow.started)
		COUNT_LOSS(nobody, 1);
	fold_attempt(&flow, &attempts);
	return 0;
}

static __always_inline int ended(struct sock *sk, const struct config *config)
{
	struct told *kept = bpf_sk_storage_get(&told, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!kept) {
		if (!config->starting)
			COUNT_LOSS(opened, 1);
	} else if (__sync_lock_test_and_set(&kept->claim, CLAIM_END) == CLAIM_FREE) {
		tell_end(sk, kept, config);
	}
	return 0;
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(enishi_state, struct sock *sk, int from, int to)
{
	bool gives_up = to == TCP_FIN_WAIT1 || to == TCP_LAST_ACK;
	bool ends_now = to == TCP_CLOSE && from != TCP_CLOSE && from != TCP_LISTEN && from != TCP_SYN_RECV;
	if (!gives_up && !ends_now && to != TCP_SYN_SENT && to != TCP_LISTEN)
		return 0;
	const struct config *config = configured();
	if (sk->sk_protocol != IPPROTO_TCP || !is_inet(sk) || !config)
		return 0;
	if (gives_up)
		return giving_up(sk, config);
	if (to == TCP_SYN_SENT)
		return asking(sk, config);
	if (to == TCP_LISTEN)
		return listening(sk, config);
	return from == TCP_SYN_SENT ? failed(sk, config) : ended(sk, config);
}

// The destruction runs in close() where a process still held the socket when its state became CLOSE (net/ipv4/tcp.c,
// __tcp_close and inet_csk_destroy_sock).
SEC("tp_btf/tcp_destroy_sock")
int BPF_PROG(enishi_destroyed, struct sock *sk)
{
	struct told *kept = bpf_sk_storage_get(&told, sk, 0, 0);
	if (!kept || !(kept->stage & STAGE_ENDED))
		return 0;
	const struct config *config = configured();
	if (!config)
		return 0;
	kept->stage &= ~STAGE_ENDED;
	own_current(kept, config);
	tell_whole(kept, config);
	return 0;
}
