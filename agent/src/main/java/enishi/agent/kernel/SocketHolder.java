package enishi.agent.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * Who holds a listener, or a UDP socket without a peer of its own: a view of {@code struct holder}
 * (src/main/bpf/shared.h), valid only while it is handed on.
 */
public final class SocketHolder {
    static final int BYTES = 48;
    static final int AT_INODE = 0;
    static final int AT_STARTED = 8;
    static final int AT_CGROUP = 16;
    static final int AT_PID = 24;
    static final int AT_PROGRAM = 32;
    private final MemorySegment holder;

    SocketHolder(MemorySegment holder) {
        this.holder = holder;
    }

    /** The socket's inode. */
    public long inode() {
        return holder.get(JAVA_LONG, AT_INODE);
    }

    /** When the process started, nanoseconds of boot time. */
    public long startedNanos() {
        return holder.get(JAVA_LONG, AT_STARTED);
    }

    /** Id in the cgroup2 hierarchy. */
    public long cgroup() {
        return holder.get(JAVA_LONG, AT_CGROUP);
    }

    /** As the agent's pid namespace numbers it. */
    public int pid() {
        return holder.get(JAVA_INT, AT_PID);
    }

    /** The comm of the thread-group leader. */
    public byte[] program() {
        return FoldedFlow.name(holder, AT_PROGRAM);
    }
}
