// The programs of rung ebpf-tcp, as one object: TCP alone, without any cgroup, for kernels before 6.2 too.
#define TCP_ALONE
#include "states.bpf.c"
#include "sweep.bpf.c"

char LICENSE[] SEC("license") = "Dual MIT/GPL";
