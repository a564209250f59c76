// Folding within the kernel: two maps of each kind, of which one is written while the agent drains the other. What
// finds no room goes to a ring; what finds none there is counted as lost.
#pragma once

#include "kernel.h"
#include "shared.h"

struct fold {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, FLOWS_MAX);
	__type(key, struct flow);
	__type(value, struct counts);
} flows_a SEC(".maps"), flows_b SEC(".maps");

struct attempt_fold {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, ATTEMPTS_MAX);
	__type(key, struct flow);
	__type(value, struct counts);
} attempts_a SEC(".maps"), attempts_b SEC(".maps");

// Which of the two is being written. The agent swaps, and the kernel returns from that when no program uses the other
// any more (kernel/bpf/syscall.c, maybe_wait_bpf_programs).
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct fold);
} flows_now SEC(".maps") = {.values = {&flows_a}};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct attempt_fold);
} attempts_now SEC(".maps") = {.values = {&attempts_a}};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, SPILL_BYTES);
} spill SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct losses);
} losses SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct left);
} left SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct config);
} config SEC(".maps");

#define COUNT(map, member, by)                                                                                         \
	do {                                                                                                           \
		__u32 at_ = 0;                                                                                         \
		struct map *counted_ = bpf_map_lookup_elem(&map, &at_);                                                \
		if (counted_)                                                                                          \
			counted_->member += (by);                                                                      \
	} while (0)

#define COUNT_LOSS(member, by) COUNT(losses, member, by)
#define COUNT_LEFT(member) COUNT(left, member, 1)

static __always_inline struct config *configured(void)
{
	__u32 at = 0;
	return bpf_map_lookup_elem(&config, &at);
}

// Two counts that stand side by side are one word to add; neither grows beyond its half between two drains.
#define ADD_PAIR(to, more, first)                                                                                      \
	do {                                                                                                           \
		__u64 pair_ = *(const __u64 *)&(more)->first;                                                          \
		if (pair_)                                                                                             \
			__sync_fetch_and_add((__u64 *)&(to)->first, pair_);                                            \
	} while (0)

static __always_inline void add(struct counts *to, const struct counts *more)
{
	if (more->sent)
		__sync_fetch_and_add(&to->sent, more->sent);
	if (more->received)
		__sync_fetch_and_add(&to->received, more->received);
	ADD_PAIR(to, more, opened);
	ADD_PAIR(to, more, adopted);
	ADD_PAIR(to, more, datagrams_sent);
	if (more->retransmits)
		__sync_fetch_and_add(&to->retransmits, more->retransmits);
	if (more->rtt_us)
		to->rtt_us = more->rtt_us;
}

// Adds to what is known of a flow, or begins it. Returns whether there was room.
static __always_inline bool fold_into(void *outer, const struct flow *flow, const struct counts *more)
{
	__u32 at = 0;
	void *now = bpf_map_lookup_elem(outer, &at);
	if (!now)
		return false;
	struct counts *known = bpf_map_lookup_elem(now, flow);
	if (!known) {
		if (!bpf_map_update_elem(now, flow, more, BPF_NOEXIST))
			return true;
		known = bpf_map_lookup_elem(now, flow);	// another processor was faster, or there is no room
		if (!known)
			return false;
	}
	add(known, more);
	return true;
}

// Folds. Returns whether it is told; what is not has to be told again or counted as lost by the caller.
static __always_inline bool fold(const struct flow *flow, const struct counts *more)
{
	if (fold_into(&flows_now, flow, more))
		return true;
	struct spilled *record = bpf_ringbuf_reserve(&spill, sizeof(*record), 0);
	if (!record)
		return false;
	record->flow = *flow;
	record->counts = *more;
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	return true;
}

// Folds connections that were never established, apart from those that were. A scan is one fact: where there are too
// many different ones, all that is told is who asked, among the flows, where that takes one place.
static __always_inline void fold_attempt(struct flow *flow, const struct counts *more)
{
	if (fold_into(&attempts_now, flow, more))
		return;
	COUNT_LOSS(summarised, more->failed);
	flow->server_port = 0;
	__builtin_memset(flow->remote, 0, sizeof(flow->remote));
	if (!fold(flow, more))
		COUNT_LOSS(failed, more->failed);
}
