// What was told of a socket that is still open, kept with the socket itself: it ends with it, and nothing evicts it.
#pragma once

#include "fold.h"
#include "owner.h"
#include "socket.h"

#ifdef TCP_ALONE
#define TOLD_FLAGS (BPF_F_NO_PREALLOC | BPF_F_CLONE)	// what a listener has is copied to what it accepts
#else
#define TOLD_FLAGS BPF_F_NO_PREALLOC
#endif

struct told {
	struct flow flow;
	__u64 sent;		// TCP: as far as it is told; UDP: not told yet
	__u64 received;
	__u32 retransmits;
	__u32 generation;	// 0: nothing is told as open, it is kept for what follows
	__u32 failed;		// attempts not told yet, all to the flow's peer
	__u16 peer_port;	// UDP
	__u8 released;		// TCP: its end is told, whatever becomes of it
	__u8 heard_first;	// UDP: it received before it ever sent
	__u32 held;		// UDP with a peer of its own: HELD_*
	__u32 datagrams;	// likewise: sent, and not told yet
	__u64 told_at;		// UDP: when the flow's peer was last told, or what is held back was sent
#ifdef TCP_ALONE
	__u32 stage;		// STAGE_*
	__u32 claim;		// CLAIM_*
	__u32 rtt_us;		// of one that is held back
	__u32 more_padding;
#endif
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, TOLD_FLAGS);
	__type(key, int);
	__type(value, struct told);
} told SEC(".maps");

static __always_inline bool same_address(const __u8 *one, const __u8 *other)
{
	const __u64 *a = (const __u64 *)one, *b = (const __u64 *)other;
	return a[0] == b[0] && a[1] == b[1];
}

// What grew since it was told last, when that may have been more than is certain now.
static __always_inline void grown(struct counts *more, const struct tally *now, const struct told *before)
{
	__u64 sent = before ? before->sent : 0, received = before ? before->received : 0;
	more->sent = now->sent > sent ? now->sent - sent : 0;
	more->received = now->received > received ? now->received - received : 0;
	more->retransmits = now->retransmits - (before ? before->retransmits : 0);
	more->rtt_us = now->rtt_us;
}

// How an end counts that nobody told as a beginning in this generation.
static __always_inline void count_end(struct counts *more, const struct told *before, const struct config *config)
{
	more->closed = 1;
	if (!before && !config->starting) {
		more->opened = 1;
	} else if (!before || before->generation != config->generation) {
		more->adopted = 1;
	}
	if (!before && config->starting) {	// what it moved, it moved before
		more->sent = 0;
		more->received = 0;
		more->retransmits = 0;
	}
}

static __always_inline void count_lost_end(const struct counts *more)
{
	if (more->opened)
		COUNT_LOSS(opened, more->opened);
	else
		COUNT_LOSS(closed, more->closed);
}

// Tells a socket as open. Where that finds no room nothing is kept, so that a later sweep tells it.
static __always_inline int tell_open(struct sock *sk, const struct told *begun, struct counts *more,
				     const struct config *config)
{
	struct told *kept = bpf_sk_storage_get(&told, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!kept) {
		COUNT_LEFT(untold);
		return 0;
	}
	if (config->starting) {
		more->adopted = 1;
		more->sent = 0;
		more->received = 0;
		more->retransmits = 0;
	} else {
		more->opened = 1;
	}
	if (fold(&begun->flow, more)) {
		*kept = *begun;
	} else {
		bpf_sk_storage_delete(&told, sk);
		COUNT_LEFT(untold);
	}
	return 0;
}
