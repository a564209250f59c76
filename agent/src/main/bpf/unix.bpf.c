// The programs for unix sockets, as one object of its own, for only Linux 6.7 has their hooks (net/unix/af_unix.c,
// unix_stream_connect, unix_dgram_connect, unix_dgram_sendmsg). They run in the process that asks, before the name is
// looked up: who asked is exact, and what the name leads to is looked up by the agent.
#include "owner.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct mnt_namespace {
	struct ns_common ns;
};

struct nsproxy {
	struct mnt_namespace *mnt_ns;
};

struct dentry {
	struct inode *d_inode;
};

struct path {
	struct dentry *dentry;
};

struct fs_struct {
	struct path root;
};

struct task_struct___files {
	struct fs_struct *fs;
	struct nsproxy *nsproxy;
};

struct bpf_sock_addr_kern___named {
	struct sock *sk;
	void *uaddr;
	__u32 uaddrlen;
};

#pragma clang attribute pop

struct unix_fold {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, UNIX_ASKED_MAX);
	__type(key, struct unix_asked);
	__type(value, __u64);
} asked_a SEC(".maps"), asked_b SEC(".maps");

// As flows_now of fold.h.
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct unix_fold);
} asked_now SEC(".maps") = {.values = {&asked_a}};

// Connects that found no room; each processor counts its own.
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} unix_lost SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct config);
} unix_config SEC(".maps");

// To whom a socket without a peer of its own sent last.
struct sent_to {
	char name[112];
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct sent_to);
} sent SEC(".maps");

static __always_inline void lose(void)
{
	__u32 at = 0;
	__u64 *lost = bpf_map_lookup_elem(&unix_lost, &at);
	if (lost)
		*lost += 1;
}

// Reads the name as the kernel will (unix_mkname_bsd, unix_validate_addr): a path ends at its first NUL, or where the
// address ends; an abstract name is every byte of it. Returns whether there is one.
static __always_inline bool name(struct unix_asked *asked, const void *address, __u32 bytes)
{
	__u32 length = bytes - sizeof(__u16);
	if (bytes <= sizeof(__u16) || length > UNIX_NAME_MAX)
		return false;
	const char *from = (const char *)address + sizeof(__u16);
	char first = 0;
	if (bpf_probe_read_kernel(&first, 1, from))
		return false;
	if (!first) {
		asked->length = length;
		return !bpf_probe_read_kernel(asked->name, length, from);
	}
	long copied = bpf_probe_read_kernel_str(asked->name, length + 1, from);
	asked->length = copied - 1;
	return copied > 1;
}

static __always_inline bool read_asked(struct unix_asked *asked, struct bpf_sock_addr_kern___named *address,
				       const struct config *config)
{
	struct sock *sk = address->sk;
	if (!name(asked, address->uaddr, address->uaddrlen))
		return false;
	struct task_struct *task = CURRENT_TASK();
	struct task_struct *leader = task->group_leader;
	struct task_struct___files *files = AS(struct task_struct___files, task);
	if (task->flags & PF_KTHREAD)
		return false;	// none connects in the name of a process
	asked->pid = pid_here(leader, config);
	asked->started = leader->start_boottime;
	asked->cgroup = task->cgroups->dfl_cgrp->kn->id;
	bpf_probe_read_kernel(asked->program, sizeof(asked->program), leader->comm);
	asked->root = files->fs->root.dentry->d_inode->i_ino;
	asked->mounts = files->nsproxy->mnt_ns->ns.inum;
	asked->namespace = sk->__sk_common.skc_net.net->ns.inum;
	asked->datagram = sk->sk_type == SOCK_DGRAM;
	return asked->pid || !config->pid_namespace;
}

static __always_inline void count(const struct unix_asked *asked)
{
	__u32 at = 0;
	__u64 one = 1;
	void *now = bpf_map_lookup_elem(&asked_now, &at);
	if (!now)
		return;
	__u64 *known = bpf_map_lookup_elem(now, asked);
	if (!known) {
		if (!bpf_map_update_elem(now, asked, &one, BPF_NOEXIST))
			return;
		known = bpf_map_lookup_elem(now, asked);	// as fold_into of fold.h
	}
	if (known)
		__sync_fetch_and_add(known, 1);
	else
		lose();
}

static __always_inline struct config *configured(void)
{
	__u32 at = 0;
	return bpf_map_lookup_elem(&unix_config, &at);
}

// The library of Debian 12 does not know cgroup/connect_unix: regenerate sets what the kernel is to expect.
SEC("cgroup/connect4")
int enishi_asked(struct bpf_sock_addr *context)
{
	struct unix_asked asked = {};
	const struct config *config = configured();
	if (config && read_asked(&asked, bpf_cast_to_kern_ctx(context), config))
		count(&asked);
	return 1;
}

// A datagram with a name of its own: the first that a socket sends there counts.
SEC("cgroup/sendmsg4")
int enishi_sent_to(struct bpf_sock_addr *context)
{
	struct unix_asked asked = {};
	const struct config *config = configured();
	struct bpf_sock_addr_kern___named *address = bpf_cast_to_kern_ctx(context);
	if (!config || !read_asked(&asked, address, config))
		return 1;
	struct sent_to *last = bpf_sk_storage_get(&sent, address->sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (last) {
		__u64 differs = 0;
#pragma unroll
		for (int i = 0; i < sizeof(last->name) / 8; i++)
			differs |= ((__u64 *)last->name)[i] ^ ((__u64 *)asked.name)[i];
		if (!differs)
			return 1;
		__builtin_memcpy(last->name, asked.name, sizeof(last->name));
	}
	count(&asked);
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
