package enishi.agent.capture;

import enishi.agent.kernel.Errno;
import enishi.agent.kernel.KernelException;
import enishi.agent.kernel.ReceivedWords;
import enishi.agent.kernel.SockDiagSockets;
import enishi.agent.kernel.SockDiagSockets.Notices;
import enishi.model.Rung;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The rungs of this host, best first: each tried, none guessed from the kernel's version. */
public final class Ladder {
    private static final System.Logger LOG = System.getLogger(Ladder.class.getName());
    private final Path proc;
    private final InstantSource clock;
    private final EbpfRungs programs;

    /**
     * What is captured beside connections, where a rung can.
     *
     * @param udpBytes whether to count the bytes of datagrams
     * @param names whether to learn what names are looked up
     */
    public record Extras(boolean udpBytes, boolean names) {
        public static final Extras NONE = new Extras(false, false);
    }

    /** Begins at the top. */
    public Ladder(Path proc, InstantSource clock, Extras extras) {
        this.proc = proc;
        this.clock = clock;
        this.programs = new EbpfRungs(proc, clock, extras);
    }

    /** What trying each rung said. */
    public List<Probe> probe() {
        return List.of(
                new Probe(Rung.EBPF, programs.probe(Rung.EBPF)),
                new Probe(Rung.EBPF_TCP, programs.probe(Rung.EBPF_TCP)),
                new Probe(Rung.SOCK_DIAG, trySockDiag()),
                new Probe(Rung.PROC, tryProc()));
    }

    private static Probe.Outcome trySockDiag() {
        try (SockDiagSockets sockets = SockDiagSockets.open(new ReceivedWords(), Notices.NONE)) {
            sockets.tcp(false, each -> {});
            return new Probe.Outcome.Supported();
        } catch (KernelException e) {
            return e.errno() == Errno.EPERM || e.errno() == Errno.EACCES || e.errno() == Errno.EPROTONOSUPPORT
                    ? new Probe.Outcome.Unsupported(e.reason())
                    : new Probe.Outcome.CouldNotTell(e.reason());
        }
    }

    private Probe.Outcome tryProc() {
        return Files.isReadable(proc.resolve("net/tcp"))
                ? new Probe.Outcome.Supported()
                : new Probe.Outcome.Unsupported(proc.resolve("net/tcp") + " cannot be read: mount proc there");
    }

    /**
     * Opens the pinned rung, else the best that can be had.
     *
     * @throws CaptureException if it cannot be had, saying why
     */
    public CaptureRung open(Optional<Rung> pinned) throws CaptureException {
        if (pinned.isPresent()) {
            return open(pinned.get());
        }
        for (Rung rung : List.of(Rung.EBPF, Rung.EBPF_TCP, Rung.SOCK_DIAG)) {
            try {
                return open(rung);
            } catch (CaptureException e) {
                LOG.log(System.Logger.Level.INFO, "{0}; stepping down a rung", e.getMessage());
            }
        }
        return open(Rung.PROC);
    }

    private CaptureRung open(Rung rung) throws CaptureException {
        try {
            return switch (rung) {
                case SOCK_DIAG -> SockDiag.open(proc, clock, SockDiag.Reach.ALL);
                case PROC -> openProc();
                case EBPF, EBPF_TCP -> programs.open(rung);
            };
        } catch (IOException | KernelException e) {
            throw new CaptureException("rung " + rung.label() + " cannot be had: " + e.getMessage(), e);
        }
    }

    private Proc openProc() throws CaptureException {
        if (tryProc() instanceof Probe.Outcome.Unsupported(String because)) {
            throw new CaptureException("rung proc cannot be had: " + because);
        }
        return new Proc(proc, clock);
    }
}
