package enishi.agent.capture;

import enishi.agent.kernel.Conntrack;
import enishi.agent.kernel.ConntrackEntry;
import enishi.agent.kernel.Errno;
import enishi.agent.kernel.KernelException;
import enishi.agent.kernel.ReceivedWords;
import enishi.model.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /**
     * What a poll came to, beside what it delivered.
     *
     * @param lost notices for which the kernel had no room, or that were not as its headers say
     * @param cpuNanos how long reading anew kept a processor busy
     */
    record Polled(long lost, long cpuNanos) {}

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
     * Delivers what began, and one by one all there is where that is wanted. Nothing is gathered here: a table may hold
     * a million.
     */
    Polled poll(long namespace, boolean anew, CaptureSink sink) throws KernelException {
        Conntrack from = conntrack;
        if (from == null) {
            return new Polled(0, 0);
        }
        from.drain(each -> {
            shown = true;
            sink.take(translated(namespace, each, 1));
        });
        long cpuNanos = 0;
        if (anew && (shown || isAtWork())) {
            cpuNanos = read(from, namespace, sink);
            if (shown && from.listen()) {
                cpuNanos += read(from, namespace, sink); // what began before it was listened to
            }
        }
        return new Polled(lost(from), cpuNanos);
    }

    private long read(Conntrack from, long namespace, CaptureSink sink) throws KernelException {
        boolean[] begun = {false};
        try {
            long cpuNanos = from.dump(each -> {
                if (!begun[0]) {
                    sink.take(new TrackedForgotten(namespace));
                    begun[0] = true;
                }
                sink.take(translated(namespace, each, 0));
            });
            if (!begun[0]) {
                sink.take(new TrackedForgotten(namespace));
            }
            shown = begun[0];
            return cpuNanos;
        } catch (KernelException e) {
            refusal = isForGood(e.errno()) ? reason(e) : "";
            throw e;
        }
    }

    /** Who may not ask, or asks a kernel without ctnetlink, is not asked again. */
    private static boolean isForGood(Errno errno) {
        return errno == Errno.EPERM || errno == Errno.EINVAL || errno == Errno.EOPNOTSUPP;
    }

    private static Translated translated(long namespace, ConntrackEntry entry, long begun) {
        return new Translated(
                namespace,
                entry.protocol() == 17 ? Transport.UDP : Transport.TCP,
                entry.client(),
                entry.asked(),
                entry.askedPort(),
                entry.server(),
                entry.serverPort(),
                entry.seenAs(),
                begun,
                1);
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
