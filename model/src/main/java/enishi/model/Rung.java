package enishi.model;

/** How an agent captures, best first. Every report names its rung. */
public enum Rung {
    /** Kernel events for TCP and UDP: every connection. */
    EBPF("ebpf"),
    /** Kernel events for TCP, polling for UDP. */
    EBPF_TCP("ebpf-tcp"),
    /** A netlink dump each second and the kernel's notice of every closed socket. */
    SOCK_DIAG("sock_diag"),
    /** {@code /proc/net} read each second: what opens and closes between two reads is missed. */
    PROC("proc");

    private final String label;

    Rung(String label) {
        this.label = label;
    }

    /** The name users see and type. */
    public String label() {
        return label;
    }
}
