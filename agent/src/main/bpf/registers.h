// What the process that runs now asked the kernel for, by its registers.
#pragma once

#include "kernel.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct pt_regs___x86 {
	unsigned long si;	// the second argument, and the third
	unsigned long dx;
	unsigned long orig_ax;	// which call
};

struct pt_regs___arm64 {
	__u64 regs[31];
	__s32 syscallno;
};

#pragma clang attribute pop
