// Every open socket of every process that the agent's pid namespace holds (kernel/bpf/task_iter.c): tells those that
// are new as opened, and what the others moved. Whoever holds a socket when it is first told stays its owner.
#ifdef TCP_ALONE
#include "states.h"
#else
#include "told.h"
#include "udp.h"

// While a socket is looked at it is held by the looker too, who may be the last to give it up. False: there is no room.
static __always_inline bool note_holder(struct sock *sk, struct task_struct *task, const struct config *config)
{
	struct told *kept = bpf_sk_storage_get(&told, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	struct flow owner = {};
	process(&owner, task, config);
	if (kept && !kept->generation)
		own(&kept->flow, &owner);
	return kept;
}

// One that is too busy to be told is noted, and told by the next sweep as it then stands.
static __always_inline void leave(struct sock *sk, struct task_struct *task, const struct config *config)
{
	if (note_holder(sk, task, config))
		COUNT_LEFT(busy);
	else
		COUNT_LEFT(untold);
}

static __always_inline int sweep_tcp(struct sock *sk, struct task_struct *task, const struct config *config)
{
	__u8 state = sk->__sk_common.skc_state;
	if (state == TCP_LISTEN)
		return 0;
	if (state == TCP_SYN_SENT || state == TCP_CLOSE) {
		note_holder(sk, task, config);
		return 0;
	}
	struct tcp_sock *tcp = AS_TCP(sk);
	struct counts more = {};
	struct tally now = {};
	struct told *before = bpf_sk_storage_get(&told, sk, 0, 0);
	bool certain = count_open(&now, sk, tcp);
	if (before && before->generation) {
		grown(&more, &now, before);
		if (before->generation != config->generation)
			more.adopted = 1;
		else if (!more.sent && !more.received && !more.retransmits)
			return 0;
		if (fold(&before->flow, &more)) {
			before->sent += more.sent;
			before->received += more.received;
			before->retransmits += more.retransmits;
			before->generation = config->generation;
		}
		return 0;
	}
	if (!certain && !config->starting && !(before && before->flow.started)) {
		leave(sk, task, config);
		return 0;
	}
	if (before && before->failed) {
		struct flow asked = before->flow;
		struct counts attempts = {.failed = before->failed};
		process(&asked, task, config);
		fold_attempt(&asked, &attempts);
	}
	struct told begun = {.generation = config->generation};
	ends(&begun.flow, sk, IPPROTO_TCP, now.role);
	process(&begun.flow, task, config);
	grown(&more, &now, NULL);
	begun.sent = more.sent;
	begun.received = more.received;
	begun.retransmits = more.retransmits;
	return tell_open(sk, &begun, &more, config);
}
#endif

// A function of its own, so that the type stays in the object's BTF.
static __noinline long write_holder(struct seq_file *into, struct holder *holder)
{
	return bpf_seq_write(into, holder, sizeof(*holder));
}

// A listener, or a UDP socket without a peer of its own: the reader of the walk learns who holds it.
static __always_inline void held(struct seq_file *into, struct task_struct *task, struct file *file,
				 const struct config *config)
{
	struct flow flow = {};
	struct holder holder = {};
	process(&flow, task, config);
	holder.inode = file->f_inode->i_ino;
	holder.started = flow.started;
	holder.cgroup = flow.cgroup;
	holder.pid = flow.pid;
	__builtin_memcpy(holder.program, flow.program, sizeof(holder.program));
	write_holder(into, &holder);
}

SEC("iter/task_file")
int enishi_sweep(struct bpf_iter__task_file *context)
{
	struct task_struct *task = context->task;
	struct file *file = context->file;
	if (!task || !file)
		return 0;
	struct socket *socket = bpf_sock_from_file(file);
	if (!socket)
		return 0;
	struct sock *sk = socket->sk;
	const struct config *config = configured();
	if (!sk || !config || !is_inet(sk))
		return 0;
	__u16 protocol = sk->sk_protocol;
	bool waits = protocol == IPPROTO_TCP ? sk->__sk_common.skc_state == TCP_LISTEN : !remote_port(sk);
	if (waits && (protocol == IPPROTO_TCP || protocol == IPPROTO_UDP))
		held(context->meta->seq, task, file, config);
#ifndef TCP_ALONE
	if (protocol == IPPROTO_UDP)
		return sweep_udp(sk, task, config);
#endif
	return protocol == IPPROTO_TCP ? sweep_tcp(sk, task, config) : 0;
}
