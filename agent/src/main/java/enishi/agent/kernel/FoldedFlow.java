package enishi.agent.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import enishi.model.Address;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What the kernel folded of one flow since it was last drained: a view of {@code struct flow} and {@code struct counts}
 * (src/main/bpf/shared.h), valid only while it is handed on. The words mean what they mean there.
 */
public final class FoldedFlow {
    static final int FLOW_BYTES = 80;
    static final int AT_LOCAL = 0;
    static final int AT_REMOTE = 16;
    static final int AT_STARTED = 32;
    static final int AT_CGROUP = 40;
    static final int AT_NAMESPACE = 48;
    static final int AT_PID = 52;
    static final int AT_SERVER_PORT = 56;
    static final int AT_TRANSPORT = 58;
    static final int AT_ROLE = 59;
    static final int AT_PROGRAM = 64;
    static final int PROGRAM_BYTES = 16;
    static final int COUNTS_BYTES = 48;
    static final int AT_SENT = 0;
    static final int AT_RECEIVED = 8;
    static final int AT_OPENED = 16;
    static final int AT_ADOPTED = 24;
    static final int AT_CLOSED = 20;
    static final int AT_FAILED = 28;
    static final int AT_RETRANSMITS = 40;
    static final int AT_RTT = 44;
    static final int AT_DATAGRAMS_SENT = 32;
    static final int AT_DATAGRAMS_RECEIVED = 36;
    private static final int ROLE_CLIENT = 1;
    private static final ValueLayout.OfLong NETWORK_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private MemorySegment flow = MemorySegment.NULL;
    private MemorySegment counts = MemorySegment.NULL;

    FoldedFlow at(MemorySegment flowBytes, MemorySegment countsBytes) {
        flow = flowBytes;
        counts = countsBytes;
        return this;
    }

    public Address local() {
        return address(AT_LOCAL);
    }

    public Address remote() {
        return address(AT_REMOTE);
    }

    private Address address(int at) {
        return new Address(flow.get(NETWORK_LONG, at), flow.get(NETWORK_LONG, at + 8L));
    }

    /** When the process started, nanoseconds of boot time. */
    public long startedNanos() {
        return flow.get(JAVA_LONG, AT_STARTED);
    }

    /** Id in the cgroup2 hierarchy. */
    public long cgroup() {
        return flow.get(JAVA_LONG, AT_CGROUP);
    }

    /** Inode number of the network namespace. */
    public long namespace() {
        return Integer.toUnsignedLong(flow.get(JAVA_INT, AT_NAMESPACE));
    }

    /** As the agent's pid namespace numbers it; 0 where nobody could tell. */
    public int pid() {
        return flow.get(JAVA_INT, AT_PID);
    }

    public int serverPort() {
        return Short.toUnsignedInt(flow.get(JAVA_SHORT, AT_SERVER_PORT));
    }

    public boolean isUdp() {
        return flow.get(JAVA_BYTE, AT_TRANSPORT) == Linux.IPPROTO_UDP;
    }

    public boolean isClient() {
        return flow.get(JAVA_BYTE, AT_ROLE) == ROLE_CLIENT;
    }

    /** The comm of the thread-group leader as the kernel holds it; empty where nobody could tell. */
    public byte[] program() {
        int length = 0;
        while (length < PROGRAM_BYTES && flow.get(JAVA_BYTE, AT_PROGRAM + length) != 0) {
            length++;
        }
        byte[] name = new byte[length];
        MemorySegment.copy(flow, JAVA_BYTE, AT_PROGRAM, name, 0, length);
        return name;
    }

    public long sentBytes() {
        return counts.get(JAVA_LONG, AT_SENT);
    }

    public long receivedBytes() {
        return counts.get(JAVA_LONG, AT_RECEIVED);
    }

    public long opened() {
        return count(AT_OPENED);
    }

    public long adopted() {
        return count(AT_ADOPTED);
    }

    public long closed() {
        return count(AT_CLOSED);
    }

    public long failed() {
        return count(AT_FAILED);
    }

    public long retransmits() {
        return count(AT_RETRANSMITS);
    }

    public int rttMicros() {
        return counts.get(JAVA_INT, AT_RTT);
    }

    /** UDP, where datagrams are counted. */
    public long datagramsSent() {
        return count(AT_DATAGRAMS_SENT);
    }

    public long datagramsReceived() {
        return count(AT_DATAGRAMS_RECEIVED);
    }

    private long count(int at) {
        return Integer.toUnsignedLong(counts.get(JAVA_INT, at));
    }
}
