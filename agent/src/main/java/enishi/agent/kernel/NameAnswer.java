package enishi.agent.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * An answer of a name server that a process was handed: {@code struct named} (src/main/bpf/shared.h).
 *
 * @param pid as the agent's pid namespace numbers it; 0 where it has none there
 * @param startedNanos when the process started, nanoseconds of boot time
 * @param message RFC 1035, section 4; its beginning, if it is longer than is told. What follows it is whatever else the
 *     process had there
 */
@SuppressWarnings("ArrayRecordComponent") // read once and never compared
public record NameAnswer(int pid, long startedNanos, byte[] message) {
    static final int BYTES = 528;
    static final int AT_STARTED = 0;
    static final int AT_PID = 8;
    static final int AT_BYTES = 12;
    static final int AT_MESSAGE = 16;
    static final int MESSAGE_BYTES_MAX = BYTES - AT_MESSAGE;

    static NameAnswer read(MemorySegment named) {
        int bytes = Math.clamp(named.get(JAVA_INT, AT_BYTES), 0, MESSAGE_BYTES_MAX);
        return new NameAnswer(
                named.get(JAVA_INT, AT_PID),
                named.get(JAVA_LONG, AT_STARTED),
                named.asSlice(AT_MESSAGE, bytes).toArray(JAVA_BYTE));
    }
}
