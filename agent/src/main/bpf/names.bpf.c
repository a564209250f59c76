// The programs that tell what names processes look up, as an object of their own: without it everything else is as it
// was. They run when a process has received a datagram and wants to know from whom (net/ipv4/udp.c, udp_recvmsg), as
// resolvers do, in that process, and look no further unless it came from port 53. The message is read where the process
// has it now. A tracepoint after each receive would see the others too, and costs each receive over TCP some 20 ns.
#include "owner.h"
#include "registers.h"

enum {
	NAME_SERVER_PORT = 53,
	DNS_HEADER_BYTES = 12,
	SHORT_MESSAGE_BYTES = 96,
	X86_RECVFROM = 45,	// arch/x86/entry/syscalls/syscall_64.tbl
	X86_RECVMSG = 47,
	ARM64_RECVFROM = 207,	// include/uapi/asm-generic/unistd.h
	ARM64_RECVMSG = 212,
};

// As the process has them (include/linux/socket.h, struct user_msghdr; include/uapi/linux/uio.h).
struct iovec_of {
	void *base;
	__u64 bytes;
};

struct msghdr_of {
	void *name;
	__u64 name_bytes;
	struct iovec_of *iov;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, NAMES_BYTES);
} names SEC(".maps");

// Answers that found no room, or could not be read; each processor counts its own.
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} names_lost SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct config);
} names_config SEC(".maps");

// Where the process that runs now has what it received, and how much may be there; nowhere if it asked by another call.
static __always_inline struct iovec_of received(void *registers)
{
	struct pt_regs___x86 *x86 = registers;
	struct pt_regs___arm64 *arm64 = registers;
	struct iovec_of at = {};
	bool parts = false;
	if (bpf_core_field_exists(x86->orig_ax)) {
		unsigned long call = BPF_CORE_READ(x86, orig_ax);
		parts = call == X86_RECVMSG;
		if (parts || call == X86_RECVFROM) {
			at.base = (void *)BPF_CORE_READ(x86, si);
			at.bytes = BPF_CORE_READ(x86, dx);
		}
	} else if (bpf_core_field_exists(arm64->syscallno)) {
		__s32 call = BPF_CORE_READ(arm64, syscallno);
		parts = call == ARM64_RECVMSG;
		if (parts || call == ARM64_RECVFROM) {
			at.base = (void *)BPF_CORE_READ(arm64, regs[1]);
			at.bytes = BPF_CORE_READ(arm64, regs[2]);
		}
	}
	struct msghdr_of message = {};
	if (parts && (bpf_probe_read_user(&message, sizeof(message), at.base) ||
		      bpf_probe_read_user(&at, sizeof(at), message.iov)))
		at.base = NULL;
	return at;
}

static __always_inline void lose(void)
{
	__u32 at = 0;
	__u64 *lost = bpf_map_lookup_elem(&names_lost, &at);
	if (lost)
		*lost += 1;
}

// How long the message is nobody tells here, but its own beginning does.
static __always_inline void tell(const struct config *config)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task_btf();
	struct iovec_of from = received((void *)bpf_task_pt_regs((void *)task));
	if (!from.base || from.bytes < DNS_HEADER_BYTES)
		return;
	struct named *named = bpf_ringbuf_reserve(&names, sizeof(*named), 0);
	if (!named) {
		lose();
		return;
	}
	struct task_struct *leader = task->group_leader;
	__u32 told = from.bytes < NAMED_BYTES_MAX ? from.bytes : NAMED_BYTES_MAX;
	named->pid = pid_here(leader, config);
	named->started = leader->start_boottime;
	if (bpf_probe_read_user(named->message, told, from.base)) {
		// The rest of a large buffer may not be in memory; what was just written is.
		told = told < SHORT_MESSAGE_BYTES ? told : SHORT_MESSAGE_BYTES;
		if (bpf_probe_read_user(named->message, told, from.base)) {
			lose();
			bpf_ringbuf_discard(named, BPF_RB_NO_WAKEUP);
			return;
		}
	}
	named->bytes = told;
	bpf_ringbuf_submit(named, BPF_RB_NO_WAKEUP);
}

// Of a connected socket alone: whoever it is not connected to could send it an answer that nobody asked for.
static __always_inline int heard(const struct bpf_sock_addr *from)
{
	__u32 at = 0;
	if (from->user_port != bpf_htons(NAME_SERVER_PORT) || !from->sk || from->sk->dst_port != bpf_htons(NAME_SERVER_PORT))
		return 1;
	const struct config *config = bpf_map_lookup_elem(&names_config, &at);
	if (config)
		tell(config);
	return 1;
}

SEC("cgroup/recvmsg4")
int enishi_named4(struct bpf_sock_addr *from)
{
	return heard(from);
}

SEC("cgroup/recvmsg6")
int enishi_named6(struct bpf_sock_addr *from)
{
	return heard(from);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
