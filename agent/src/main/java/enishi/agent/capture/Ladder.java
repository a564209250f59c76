package enishi.agent.capture;

import enishi.agent.kernel.Errno;
import enishi.agent.kernel.KernelException;
import enishi.agent.kernel.ReceivedWords;
import enishi.agent.kernel.SockDiagSockets;
import enishi.model.Rung;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The rungs of this host, best first: each tried, none guessed from the kernel's version. */
public final class Ladder {
    private final Path proc;
    private final InstantSource clock;

    public Ladder(Path proc, InstantSource clock) {
        this.proc = proc;
        this.clock = clock;
    }

    /** What trying each rung said. */
    public List<Probe> probe() {
        Probe.Outcome notBuilt = new Probe.Outcome.Unsupported("this version of Enishi has no eBPF programs yet");
        return List.of(
                new Probe(Rung.EBPF, notBuilt),
                new Probe(Rung.EBPF_TCP, notBuilt),
                new Probe(Rung.SOCK_DIAG, trySockDiag()),
                new Probe(Rung.PROC, tryProc()));
    }

    private static Probe.Outcome trySockDiag() {
        try (SockDiagSockets sockets = SockDiagSockets.open(new ReceivedWords())) {
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
        try {
            return open(Rung.SOCK_DIAG);
        } catch (CaptureException e) {
            System.getLogger(Ladder.class.getName())
                    .log(System.Logger.Level.WARNING, "{0}; stepping down to rung proc", e.getMessage());
            return open(Rung.PROC);
        }
    }

    private CaptureRung open(Rung rung) throws CaptureException {
        try {
            return switch (rung) {
                case SOCK_DIAG -> SockDiag.open(proc, clock);
                case PROC -> openProc();
                case EBPF, EBPF_TCP ->
                    throw new CaptureException("rung " + rung.label() + " cannot be had: this version"
                            + " of Enishi has no eBPF programs yet; use --rung sock_diag, or leave --rung out");
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
