package enishi.agent;

import com.google.protobuf.ByteString;
import enishi.agent.capture.Probe;
import enishi.agent.settings.Reason;
import enishi.wire.v1.AgentStatus;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The agent's account of itself as a file, replaced as a whole every two seconds and removed at a clean end. */
final class StatusFile implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(StatusFile.class.getName());
    private static final long EVERY_MILLIS = 2_000;
    private final Path path;
    private final Supplier<AgentStatus> source;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().name("enishi-status").daemon().unstarted(this::run);
    private boolean complained;

    StatusFile(Path path, Supplier<AgentStatus> source) {
        this.path = path;
        this.source = source;
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            do {
                write();
            } while (!stopping.await(EVERY_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "writing the status was interrupted");
        }
    }

    /** Writes once. A disk that refuses is told once and changes nothing else. */
    synchronized void write() {
        if (stopping.getCount() == 0) {
            return;
        }
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        try {
            Files.write(fresh, source.get().toByteArray());
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
            complained = false;
        } catch (IOException e) {
            if (!complained) {
                LOG.log(Level.WARNING, "the status cannot be written to {0}: {1}", path, Reason.of(e));
            }
            complained = true;
        }
    }

    @Override
    public void close() {
        stopping.countDown();
        remove();
    }

    private synchronized void remove() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the status file stays: {0}", Reason.of(e));
        }
    }

    static enishi.wire.v1.Rung rung(enishi.model.Rung rung) {
        return switch (rung) {
            case EBPF -> enishi.wire.v1.Rung.RUNG_EBPF;
            case EBPF_TCP -> enishi.wire.v1.Rung.RUNG_EBPF_TCP;
            case SOCK_DIAG -> enishi.wire.v1.Rung.RUNG_SOCK_DIAG;
            case PROC -> enishi.wire.v1.Rung.RUNG_PROC;
        };
    }

    static enishi.wire.v1.Probe probe(Probe probe) {
        var wire = enishi.wire.v1.Probe.newBuilder().setRung(rung(probe.rung()));
        return switch (probe.outcome()) {
            case Probe.Outcome.Supported supported ->
                wire.setOutcome(enishi.wire.v1.Probe.Outcome.OUTCOME_SUPPORTED).build();
            case Probe.Outcome.Unsupported(String because) ->
                wire.setOutcome(enishi.wire.v1.Probe.Outcome.OUTCOME_UNSUPPORTED)
                        .setBecause(because)
                        .build();
            case Probe.Outcome.CouldNotTell(String because) ->
                wire.setOutcome(enishi.wire.v1.Probe.Outcome.OUTCOME_COULD_NOT_TELL)
                        .setBecause(because)
                        .build();
        };
    }

    static ByteString bytes(enishi.model.HostId id) {
        return ByteString.copyFrom(id.bytes());
    }
}
