// The programs of rung ebpf, as one object.
#include "release.bpf.c"
#include "errors.bpf.c"
#include "sweep.bpf.c"
#include "udp.bpf.c"

char LICENSE[] SEC("license") = "Dual MIT/GPL";
