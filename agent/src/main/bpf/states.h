// What is known of a socket from its state changes, and how it is told. The lock of the socket orders the changes among
// themselves, but not against the sweep: who tells a socket has to claim it.
#pragma once

#include "told.h"

enum {
	STAGE_ASKED = 1,	// by the process that is noted: a client
	STAGE_ACCEPTED = 2,	// copied from the listener, with whoever called listen(); or it is that listener
	STAGE_HELD = 4,		// noted is who gave it up
	STAGE_ENDED = 8,	// closed under a process that still holds it: told when that gives it up
	STAGE_LEFT = 16,	// a sweep found it too busy to be told
};

enum {
	CLAIM_FREE,
	CLAIM_BUSY,	// being told at this moment
	CLAIM_END,	// closed: told by whoever had it, else by the one who closed it
};

static __always_inline void own_current(struct told *kept, const struct config *config)
{
	struct flow owner = {};
	if (current_process(&owner, config))
		own(&kept->flow, &owner);
}

static __always_inline __u8 role_of(const struct told *kept, const struct tally *now)
{
	if (kept->stage & STAGE_ASKED)
		return ROLE_CLIENT;
	return kept->stage & STAGE_ACCEPTED ? ROLE_SERVER : now->role;
}

// Tells an end that nobody told as a beginning, with what was noted of it.
static __always_inline void tell_whole(struct told *kept, const struct config *config)
{
	struct counts more = {
		.sent = kept->sent, .received = kept->received, .retransmits = kept->retransmits, .rtt_us = kept->rtt_us};
	if (!is_of_this_host(&kept->flow, config))
		return;
	if (!kept->flow.started)
		COUNT_LOSS(nobody, 1);
	count_end(&more, NULL, config);
	if (!fold(&kept->flow, &more))
		count_lost_end(&more);
}

// Tells the end of an established connection, or holds it back where the one who served it is not known yet: a peer's
// reset closes it in an interrupt (net/ipv4/tcp_input.c, tcp_reset). One that was never accepted is nobody's.
static __always_inline void tell_end(const struct sock *sk, struct told *kept, const struct config *config)
{
	struct tcp_sock *tcp = AS_TCP(sk);
	if (!tcp)
		return;
	struct tally now = {};
	count(&now, sk, tcp);
	if (kept->generation) {
		struct counts more = {};
		grown(&more, &now, kept);
		count_end(&more, kept, config);
		if (!fold(&kept->flow, &more))
			count_lost_end(&more);
		return;
	}
	if (!(kept->stage & (STAGE_ASKED | STAGE_HELD)) && !sk->sk_socket)
		return;
	ends(&kept->flow, sk, IPPROTO_TCP, role_of(kept, &now));
	kept->sent = now.sent;
	kept->received = now.received;
	kept->retransmits = now.retransmits;
	kept->rtt_us = now.rtt_us;
	if (kept->stage & (STAGE_ASKED | STAGE_HELD))
		tell_whole(kept, config);
	else
		kept->stage |= STAGE_ENDED;
}

// Tells a socket as open, or what it moved since.
static __always_inline void tell_progress(const struct sock *sk, struct told *kept, struct task_struct *task,
					  const struct config *config)
{
	struct tcp_sock *tcp = AS_TCP(sk);
	if (!tcp)
		return;
	struct counts more = {};
	struct tally now = {};
	bool known = kept->generation;
	bool certain = count_open(&now, sk, tcp) || (kept->stage & (STAGE_ASKED | STAGE_ACCEPTED));
	grown(&more, &now, known ? kept : NULL);
	struct counts all = more;
	if (known) {
		if (kept->generation != config->generation)
			more.adopted = 1;
		else if (!more.sent && !more.received && !more.retransmits)
			return;
	} else if (!certain && !config->starting && !(kept->stage & STAGE_LEFT)) {
		kept->stage |= STAGE_LEFT;	// the next sweep tells it as it then stands
		COUNT_LEFT(busy);
		return;
	} else {
		ends(&kept->flow, sk, IPPROTO_TCP, role_of(kept, &now));
		if (!kept->flow.started || !(kept->stage & (STAGE_ASKED | STAGE_HELD))) {
			struct flow owner = {};
			process(&owner, task, config);
			own(&kept->flow, &owner);
		}
		more.opened = !config->starting;
		more.adopted = !more.opened;
		if (config->starting) {
			more.sent = 0;
			more.received = 0;
			more.retransmits = 0;
		}
	}
	if (!fold(&kept->flow, &more)) {
		if (!known)
			COUNT_LEFT(untold);
		return;
	}
	kept->sent = all.sent + (known ? kept->sent : 0);
	kept->received = all.received + (known ? kept->received : 0);
	kept->retransmits = all.retransmits + (known ? kept->retransmits : 0);
	kept->generation = config->generation;
}

// A listener that is older than the programs is whose it is found to be.
static __always_inline int sweep_listener(struct sock *sk, struct task_struct *task, const struct config *config)
{
	if (bpf_sk_storage_get(&told, sk, 0, 0))
		return 0;
	struct told begun = {.stage = STAGE_ACCEPTED};
	process(&begun.flow, task, config);
	bpf_sk_storage_get(&told, sk, &begun, BPF_SK_STORAGE_GET_F_CREATE);
	return 0;
}

static __always_inline int sweep_tcp(struct sock *sk, struct task_struct *task, const struct config *config)
{
	__u8 state = sk->__sk_common.skc_state;
	if (state == TCP_LISTEN)
		return sweep_listener(sk, task, config);
	if (state == TCP_SYN_SENT || state == TCP_CLOSE)
		return 0;
	struct told *kept = bpf_sk_storage_get(&told, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!kept)
		COUNT_LEFT(untold);
	if (!kept || __sync_val_compare_and_swap(&kept->claim, CLAIM_FREE, CLAIM_BUSY) != CLAIM_FREE)
		return 0;
	tell_progress(sk, kept, task, config);
	if (__sync_val_compare_and_swap(&kept->claim, CLAIM_BUSY, CLAIM_FREE) == CLAIM_END)
		tell_end(sk, kept, config);
	return 0;
}
