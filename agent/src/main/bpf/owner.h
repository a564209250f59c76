// Who holds a socket.
#pragma once

#include "kernel.h"
#include "shared.h"

enum { PID_LEVELS_MAX = 8 };

// The thread as the pid namespace of the agent numbers it, which may be nested, as that of the process may be deeper
// (include/linux/pid.h, struct upid); 0 where it has no number there. Of the leader it is the process's.
static __always_inline __u32 pid_here(struct task_struct *task, const struct config *config)
{
	if (!config->pid_namespace)
		return task->pid;
	struct pid *pid = task->thread_pid;
	if (!pid)
		return 0;
	__u64 numbers = (__u64)pid + bpf_core_field_offset(struct pid, numbers);
#pragma unroll
	for (__u32 level = 0; level < PID_LEVELS_MAX; level++) {
		struct upid upid = {};
		if (level > pid->level ||
		    bpf_probe_read_kernel(&upid, sizeof(upid), (void *)(numbers + level * bpf_core_type_size(struct upid))))
			return 0;
		if (BPF_CORE_READ(upid.ns, ns.inum) == config->pid_namespace)
			return upid.nr;
	}
	return 0;
}

static __always_inline void process(struct flow *flow, struct task_struct *task, const struct config *config)
{
	struct task_struct *leader = task->group_leader;
	flow->pid = pid_here(leader, config);
	flow->started = leader->start_boottime;
	flow->cgroup = task->cgroups->dfl_cgrp->kn->id;
	bpf_probe_read_kernel(flow->program, sizeof(flow->program), leader->comm);	// padded with 0 (fs/exec.c)
}

// The process that runs now, unless it only does somebody else's work: a kernel thread that drops the last reference
// (fs/file_table.c, delayed_fput), or a thread of the agent that holds it for a moment while it looks through the
// descriptors of others.
static __always_inline bool current_process(struct flow *flow, const struct config *config)
{
	struct task_struct *task = CURRENT_TASK();
	if ((task->flags & PF_KTHREAD) || (config->looker && pid_here(task, config) == config->looker))
		return false;
	process(flow, task, config);
	return true;
}

static __always_inline void own(struct flow *flow, const struct flow *owner)
{
	flow->pid = owner->pid;
	flow->started = owner->started;
	flow->cgroup = owner->cgroup;
	__builtin_memcpy(flow->program, owner->program, sizeof(flow->program));
}

// Tracepoints run for all that share the kernel, hooks for all in the cgroup or below it: what belongs to a pid namespace
// beside or above the agent's is not its host's. Of what nobody known does, nothing can be told but that it was.
static __always_inline bool is_of_this_host(const struct flow *flow, const struct config *config)
{
	return flow->pid || !config->pid_namespace;
}
