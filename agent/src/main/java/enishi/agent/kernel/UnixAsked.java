package enishi.agent.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/**
 * A process that asked for a unix socket, and how often since it was last told: {@code struct unix_asked}
 * (src/main/bpf/shared.h).
 *
 * @param startedNanos when the process started, nanoseconds of boot time
 * @param cgroup id in the cgroup2 hierarchy
 * @param root inode number of the folder that is the process's root
 * @param pid as the agent's pid namespace numbers it
 * @param namespace inode number of the socket's network namespace
 * @param mounts inode number of the process's mount namespace
 * @param datagram whether it is a socket of datagrams
 * @param program the comm of the thread-group leader
 * @param name a path as the process gave it, or an abstract name, which begins with a NUL
 */
@SuppressWarnings("ArrayRecordComponent") // read once and never compared
public record UnixAsked(
        long startedNanos,
        long cgroup,
        long root,
        int pid,
        long namespace,
        long mounts,
        boolean datagram,
        byte[] program,
        byte[] name,
        long count) {
    static final int BYTES = 168;
    static final int AT_STARTED = 0;
    static final int AT_CGROUP = 8;
    static final int AT_ROOT = 16;
    static final int AT_PID = 24;
    static final int AT_NAMESPACE = 28;
    static final int AT_MOUNTS = 32;
    static final int AT_LENGTH = 36;
    static final int AT_DATAGRAM = 38;
    static final int AT_PROGRAM = 40;
    static final int AT_NAME = 56;
    private static final int NAME_MAX = 108;

    static UnixAsked read(MemorySegment asked, long count) {
        byte[] name = new byte[Math.min(Short.toUnsignedInt(asked.get(JAVA_SHORT, AT_LENGTH)), NAME_MAX)];
        MemorySegment.copy(asked, JAVA_BYTE, AT_NAME, name, 0, name.length);
        return new UnixAsked(
                asked.get(JAVA_LONG, AT_STARTED),
                asked.get(JAVA_LONG, AT_CGROUP),
                asked.get(JAVA_LONG, AT_ROOT),
                asked.get(JAVA_INT, AT_PID),
                Integer.toUnsignedLong(asked.get(JAVA_INT, AT_NAMESPACE)),
                Integer.toUnsignedLong(asked.get(JAVA_INT, AT_MOUNTS)),
                asked.get(JAVA_BYTE, AT_DATAGRAM) != 0,
                FoldedFlow.name(asked, AT_PROGRAM),
                name,
                count);
    }
}
