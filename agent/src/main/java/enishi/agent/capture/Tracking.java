package enishi.agent.capture;

import enishi.agent.kernel.Conntrack;
import enishi.agent.kernel.ConntrackEntry;
import enishi.agent.kernel.Errno;
import enishi.agent.kernel.KernelException;
import enishi.agent.kernel.ReceivedWords;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Connection tracking of one network namespace, as far as it is there: a kernel without it is not asked, for asking
 * would load its module. Used by one thread, but for {@link #open}.
 */
final class Tracking implements AutoCloseable {
    private static final String SYSCTL = "sys/net/netfilter/";
    private @Nullable Conntrack conntrack;
    private @Nullable Sysctl tracked;
    private @Nullable Sysctl events;
    private String refusal = "";
    private boolean shown;
    private long lost;

    /** What a poll found: how many began of each translation, and if it was read anew, how many there are. */
    record Found(Map<ConntrackEntry, Long> begun, @Nullable Map<ConntrackEntry, Long> all, long lost) {}

    /** A number of this namespace that can be read from outside it: whose it is, is decided when it is opened. */
    private record Sysctl(FileChannel file) {
        static @Nullable Sysctl open(Path path) {
            try {
                return new Sysctl(FileChannel.open(path));
            } catch (IOException e) {
                return null; // not there, or not ours to read
            }
        }

        /** -1 where it cannot be read. */
        static long read(@Nullable Sysctl from) {
            ByteBuffer bytes = ByteBuffer.allocate(24);
            try {
                if (from != null && from.file.read(bytes, 0) > 0) {
                    return Long.parseLong(
                            new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip());
                }
            } catch (IOException | NumberFormatException e) {
                return -1;
            }
            return -1;
        }

        static void close(@Nullable Sysctl which) {
            try {
                if (which != null) {
                    which.file.close();
                }
            } catch (IOException e) {
                System.getLogger(Tracking.class.getName())
                        .log(System.Logger.Level.DEBUG, "closing a file failed: {0}", e.toString());
            }
        }
    }

    /** Whether the kernel tracks connections at all, as the calling thread's namespace shows it. */
    static boolean isThere(Path proc) {
        return Files.exists(proc.resolve(SYSCTL + "nf_conntrack_count"));
    }

    /** Opens what is there in the namespace that the calling thread is in; later again, if nothing was. */
    Tracking open(ReceivedWords words, Path proc) {
        if (!isThere(proc)) {
            return this;
        }
        tracked = Sysctl.open(proc.resolve(SYSCTL + "nf_conntrack_count"));
        events = Sysctl.open(proc.resolve(SYSCTL + "nf_conntrack_events"));
        try {
            conntrack = Conntrack.open(words);
        } catch (KernelException e) {
            refusal = reason(e);
        }
        return this;
    }

    private static String reason(KernelException e) {
        return e.errno() == Errno.EPERM
                ? "it takes CAP_NET_ADMIN to be told of tracked connections: run the agent as root"
                : e.reason();
    }

    /** Whether connection tracking was not there yet. */
    boolean isAbsent() {
        return conntrack == null && refusal.isEmpty();
    }

    /** Why it cannot be read; empty if it can, or if there is nothing to read. */
    String refusal() {
        return refusal;
    }

    /** Whether it tracks anything; where that cannot be told it may. */
    boolean isAtWork() {
        return Sysctl.read(tracked) != 0;
    }

    /** Whether the kernel tells of nothing here, so that it must be read anew to see what changed. */
    boolean isSilent() {
        return Sysctl.read(events) == 0;
    }

    /** Whether the kernel is asked to tell of what begins: it is from when something translated was seen. */
    boolean isListening() {
        return conntrack != null && conntrack.isListening();
    }

    /**
     * Reads what began, and all there is where that is wanted or notices were lost.
     *
     * @param cpuNanos takes how long reading anew kept a processor busy
     */
    Found poll(boolean anew, long[] cpuNanos) throws KernelException {
        Conntrack from = conntrack;
        Map<ConntrackEntry, Long> begun = new HashMap<>();
        if (from == null) {
            return new Found(begun, null, 0);
        }
        boolean overflowed = from.drain(each -> begun.merge(each, 1L, Long::sum));
        Map<ConntrackEntry, Long> all = null;
        if (overflowed || (anew && (shown || isAtWork()))) {
            all = read(from, cpuNanos);
            if (!all.isEmpty() && from.listen()) {
                all = read(from, cpuNanos); // what began before it was listened to
            }
            shown = !all.isEmpty();
        }
        shown |= !begun.isEmpty();
        return new Found(begun, all, lost(from));
    }

    /** Who may not ask is not asked again. */
    private Map<ConntrackEntry, Long> read(Conntrack from, long[] cpuNanos) throws KernelException {
        Map<ConntrackEntry, Long> all = new HashMap<>();
        try {
            cpuNanos[0] += from.dump(each -> all.merge(each, 1L, Long::sum));
        } catch (KernelException e) {
            refusal = e.errno() == Errno.EPERM ? reason(e) : "";
            throw e;
        }
        return all;
    }

    private long lost(Conntrack from) throws KernelException {
        long before = lost;
        lost = from.drops() + from.malformed();
        return lost - before;
    }

    @Override
    public void close() {
        if (conntrack != null) {
            conntrack.close();
        }
        Sysctl.close(tracked);
        Sysctl.close(events);
    }
}
