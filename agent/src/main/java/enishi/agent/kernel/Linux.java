package enishi.agent.kernel;

/** Constants of the kernel's interface, each with the header it stands in. */
final class Linux {
    /** include/linux/socket.h. */
    static final int AF_INET = 2;

    static final int AF_UNIX = 1;
    static final int AF_INET6 = 10;
    static final int AF_NETLINK = 16;

    /** include/linux/net.h; the flags as on x86-64 and arm64. */
    static final int SOCK_RAW = 3;

    static final int SOCK_CLOEXEC = 0x80000;

    /** include/linux/socket.h. */
    static final int MSG_DONTWAIT = 0x40;

    static final int MSG_TRUNC = 0x20;
    static final int SOL_NETLINK = 270;

    /** include/uapi/asm-generic/socket.h. */
    static final int SOL_SOCKET = 1;

    static final int SO_RCVBUF = 8;
    static final int SO_RCVBUFFORCE = 33;
    static final int SO_MEMINFO = 55;
    static final int SO_ATTACH_FILTER = 26;

    /** include/uapi/linux/sock_diag.h. */
    static final int SK_MEMINFO_DROPS = 8;

    static final int SK_MEMINFO_VARS = 9;

    /** include/uapi/linux/netlink.h. */
    static final int NETLINK_ROUTE = 0;

    static final int NETLINK_SOCK_DIAG = 4;
    static final int NETLINK_NETFILTER = 12;
    static final int NETLINK_ADD_MEMBERSHIP = 1;
    static final int NLMSG_ERROR = 2;
    static final int NLMSG_DONE = 3;
    static final int NLM_F_REQUEST = 1;
    static final int NLM_F_DUMP = 0x300;
    static final int NLM_F_DUMP_INTR = 0x10;
    static final int NLMSG_HEADER_BYTES = 16;

    /** include/uapi/linux/inet_diag.h, sock_diag.h. */
    static final int TCPDIAG_GETSOCK = 18;

    static final int SOCK_DIAG_BY_FAMILY = 20;
    static final int INET_DIAG_INFO = 2;
    static final int INET_DIAG_PROTOCOL = 10;
    static final int INET_DIAG_SKV6ONLY = 11;
    static final int INET_DIAG_CGROUP_ID = 21;

    /** include/uapi/linux/unix_diag.h. */
    static final int UDIAG_SHOW_NAME_VFS_PEER = 1 | 2 | 4;

    static final int UNIX_DIAG_NAME = 0;
    static final int UNIX_DIAG_VFS = 1;
    static final int UNIX_DIAG_PEER = 2;

    /** include/uapi/linux/rtnetlink.h, if_addr.h. */
    static final int RTM_NEWADDR = 20;

    static final int RTM_GETADDR = 22;
    static final int RTM_GETROUTE = 26;
    static final int RTA_DST = 1;
    static final int RTA_PREFSRC = 7;
    static final int IFA_ADDRESS = 1;
    static final int IFA_LOCAL = 2;

    /** include/uapi/linux/netfilter/nfnetlink.h, nfnetlink_conntrack.h: message types and multicast groups. */
    static final int IPCTNL_MSG_CT_NEW = 0x100;

    static final int IPCTNL_MSG_CT_GET = 0x101;
    static final int NFNLGRP_CONNTRACK_NEW = 1;
    static final int NFGENMSG_BYTES = 4;

    /** include/uapi/linux/netfilter/nfnetlink_conntrack.h. */
    static final int CTA_TUPLE_ORIG = 1;

    static final int CTA_TUPLE_REPLY = 2;
    static final int CTA_STATUS = 3;
    static final int CTA_TUPLE_IP = 1;
    static final int CTA_TUPLE_PROTO = 2;
    static final int CTA_IP_V4_SRC = 1;
    static final int CTA_IP_V4_DST = 2;
    static final int CTA_IP_V6_SRC = 3;
    static final int CTA_IP_V6_DST = 4;
    static final int CTA_PROTO_NUM = 1;
    static final int CTA_PROTO_SRC_PORT = 2;
    static final int CTA_PROTO_DST_PORT = 3;
    static final int NLA_TYPE_MASK = 0x3fff;

    /** include/uapi/linux/netfilter/nf_conntrack_common.h: the source or the destination was rewritten. */
    static final int IPS_NAT_MASK = 0x10 | 0x20;

    /** include/uapi/linux/bpf_common.h, filter.h: classic BPF. */
    static final int BPF_LD_IMM = 0x00;

    static final int BPF_LDX_IMM = 0x01;
    static final int BPF_LD_WORD_ABS = 0x20;
    static final int BPF_LD_WORD_IND = 0x40;
    static final int BPF_MISC_TAX = 0x07;
    static final int BPF_JEQ = 0x15;
    static final int BPF_JSET = 0x45;
    static final int BPF_RET = 0x06;
    static final int SKF_AD_NLATTR = -0x1000 + 12;

    /** include/uapi/linux/in.h. */
    static final int IPPROTO_TCP = 6;

    static final int IPPROTO_UDP = 17;

    /** include/uapi/asm-generic/fcntl.h; arm64 has its own O_DIRECTORY (arch/arm64/include/uapi/asm/fcntl.h). */
    static final int O_CLOEXEC = 0x80000;

    static final int O_DIRECTORY = System.getProperty("os.arch").equals("aarch64") ? 0x4000 : 0x10000;

    static final int O_PATH = 0x200000;

    /** include/uapi/linux/openat2.h; the call has one number everywhere. */
    static final long RESOLVE_IN_ROOT = 0x10;

    static final long RESOLVE_CACHED = 0x20;
    static final long OPENAT2 = 437;

    /** include/uapi/linux/sched.h. */
    static final int CLONE_NEWNET = 0x40000000;

    /** include/uapi/linux/time.h. */
    static final int CLOCK_MONOTONIC = 1;

    static final int CLOCK_THREAD_CPUTIME_ID = 3;

    /** arch/x86/entry/syscalls/syscall_64.tbl; include/uapi/asm-generic/unistd.h. */
    static final long BPF = System.getProperty("os.arch").equals("amd64") ? 321 : 280;

    /** include/uapi/asm-generic/mman-common.h, include/uapi/linux/mman.h. */
    static final int PROT_READ = 1;

    static final int PROT_WRITE = 2;
    static final int MAP_SHARED = 1;

    private Linux() {}
}
