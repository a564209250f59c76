// What the programs and the agent hand each other. KernelLayouts.java holds the same shapes; a test compares the two
// by the BTF in the committed objects.
#pragma once

#include <linux/types.h>

enum { ROLE_CLIENT = 1, ROLE_SERVER = 2 };

enum { FLOWS_MAX = 16384, ATTEMPTS_MAX = 4096, PEERS_MAX = 16384, CALLS_MAX = 4096, REFUSALS_MAX = 1024, SPILL_BYTES = 1 << 20 };

// One side of what is going on between two addresses: a process, its peer and the server's port.
struct flow {
	__u8 local[16];		// IPv4 as ::ffff:a.b.c.d
	__u8 remote[16];
	__u64 started;		// of the process: nanoseconds of boot time
	__u64 cgroup;		// id in the cgroup2 hierarchy
	__u32 namespace;	// network namespace, inode number
	__u32 pid;		// in the agent's pid namespace; 0: nobody could tell
	__u16 server_port;	// host order
	__u8 transport;		// IPPROTO_*
	__u8 role;		// ROLE_*
	__u32 padding;
	char program[16];	// comm of the thread-group leader
};

// What happened to it since it was last drained.
struct counts {
	__u64 sent;		// payload bytes, retransmissions left out
	__u64 received;
	__u32 opened;		// established while watched; with the next, one word to add
	__u32 closed;
	__u32 adopted;		// found open that were not told as opened: older than the agent, or than a resynchronisation
	__u32 failed;		// asked for and never established
	__u32 datagrams_sent;
	__u32 datagrams_received;
	__u32 retransmits;
	__u32 rtt_us;		// smoothed round trip of the last that had one
};

// What did not fit into the fold of its moment.
struct spilled {
	struct flow flow;
	struct counts counts;
};

// Who holds a socket that waits to be asked; the sweep writes one for each holder.
struct holder {
	__u64 inode;
	__u64 started;		// as in struct flow, and so on
	__u64 cgroup;
	__u32 pid;
	__u32 padding;
	char program[16];
};

// What is lost and what is not handled; each processor counts its own.
struct losses {
	__u64 opened;		// connections whose record was lost before they were told as opened
	__u64 closed;		// ends lost of connections that were told as opened
	__u64 failed;		// attempts lost
	__u64 datagrams;	// datagrams whose bytes are lost, or that would have shown a conversation going on
	__u64 nobody;		// connections whose process nobody could tell
	__u64 mptcp;		// MPTCP sockets released, which are not read
	__u64 reconnected;	// connections of a TCP socket that was disconnected and used again, unseen
	__u64 summarised;	// attempts that keep neither address nor port, because there were too many
};

// Open sockets that a sweep comes to and cannot tell; each processor counts its own.
struct left {
	__u64 busy;		// somebody works on it: noted, and told by the next sweep
	__u64 untold;		// there is no room: told by a later one, or when it ends
};

// Written by the agent.
struct config {
	__u32 generation;	// of what is open: what was told in an earlier one is adopted anew
	__u32 starting;		// what is open now is older than the agent
	__u32 looker;		// the thread that sweeps and looks through /proc, as pid_namespace numbers it; 0: none is known
	__u32 pid_namespace;	// in which pids are told, by inode number; 0: the host's own
	__u32 udp_bytes;	// whether datagrams are counted
	__u32 padding;
	__u64 refusals_since;	// CLOCK_MONOTONIC, ns: of what was sent before, a refusal may be unknown
};

enum { UNIX_ASKED_MAX = 8192, UNIX_NAME_MAX = 108 };	// include/uapi/linux/un.h, UNIX_PATH_MAX

// A process that asked for a unix socket, and by what name: the kernel has not looked it up yet.
struct unix_asked {
	__u64 started;		// as in struct flow, and so on
	__u64 cgroup;
	__u64 root;		// inode number of the folder that is the process's root
	__u32 pid;
	__u32 namespace;
	__u32 mounts;		// mount namespace, inode number
	__u16 length;		// bytes of the name; an abstract one begins with a NUL and may hold more
	__u8 datagram;
	__u8 padding;
	char program[16];
	char name[112];		// then zeros
};

enum { NAMES_BYTES = 1 << 19, NAMED_BYTES_MAX = 512 };

// A process that was handed an answer of a name server.
struct named {
	__u64 started;		// as in struct flow
	__u32 pid;
	__u32 bytes;		// of the message, or of as much of it as is told
	__u8 message[NAMED_BYTES_MAX];	// RFC 1035, section 4
};
