// Who looks through the descriptors of others, as ss -p and lsof do.
#pragma once

#include "owner.h"
#include "registers.h"

enum { PF_EXITING = 4 };	// include/linux/sched.h

// Whether it looks through descriptors: whoever does holds each for a moment (fs/proc/fd.c), and may be the last to. By
// no such call does a process give up a socket of its own.
static __always_inline bool is_looking(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task_btf();
	void *registers = (void *)bpf_task_pt_regs((void *)task);
	struct pt_regs___x86 *x86 = registers;
	struct pt_regs___arm64 *arm64 = registers;
	if (task->flags & PF_EXITING)
		return false;
	if (bpf_core_field_exists(x86->orig_ax)) {
		switch (BPF_CORE_READ(x86, orig_ax)) {	// arch/x86/entry/syscalls/syscall_64.tbl
		case 89:	// readlink
		case 217:	// getdents64
		case 257:	// openat
		case 262:	// newfstatat
		case 267:	// readlinkat
		case 332:	// statx
			return true;
		}
	} else if (bpf_core_field_exists(arm64->syscallno)) {
		switch (BPF_CORE_READ(arm64, syscallno)) {	// include/uapi/asm-generic/unistd.h
		case 56:	// openat
		case 61:	// getdents64
		case 78:	// readlinkat
		case 79:	// newfstatat
		case 291:	// statx
			return true;
		}
	}
	return false;
}
