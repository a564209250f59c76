package enishi.agent.capture;

import enishi.agent.kernel.KernelException;
import enishi.agent.kernel.KernelFold;
import enishi.agent.kernel.UnixFold;
import enishi.agent.process.Capability;
import enishi.agent.process.Cgroup2;
import enishi.model.Rung;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The two rungs of BPF programs: whether they can be had, and having them. */
final class EbpfRungs {
    private final Path proc;
    private final InstantSource clock;
    private final Ladder.Extras extras;

    EbpfRungs(Path proc, InstantSource clock, Ladder.Extras extras) {
        this.proc = proc;
        this.clock = clock;
        this.extras = extras;
    }

    /** Loads and attaches everything for a moment. */
    Probe.Outcome probe(Rung rung) {
        try (KernelFold fold = fold(rung)) {
            fold.losses();
            return new Probe.Outcome.Supported();
        } catch (CaptureException e) {
            return new Probe.Outcome.Unsupported(String.valueOf(e.getMessage()));
        } catch (KernelException e) {
            return refused(rung, e);
        } catch (IOException e) {
            return new Probe.Outcome.CouldNotTell(String.valueOf(e.getMessage()));
        }
    }

    /** The kernel refuses for want of privilege with more than one error, so that is asked first. */
    private Probe.Outcome refused(Rung rung, KernelException e) {
        try {
            List<Capability> missing = rung == Rung.EBPF
                    ? Capability.missing(proc, Capability.CAP_BPF, Capability.CAP_PERFMON, Capability.CAP_NET_ADMIN)
                    : Capability.missing(proc, Capability.CAP_BPF, Capability.CAP_PERFMON);
            if (!missing.isEmpty()) {
                return new Probe.Outcome.Unsupported("it takes "
                        + String.join(", ", missing.stream().map(Enum::name).toList()) + ": run the agent as root");
            }
        } catch (IOException | NumberFormatException unreadable) {
            return new Probe.Outcome.CouldNotTell(e.reason());
        }
        return switch (e.errno()) {
            case ENOENT, EINVAL, ESRCH, ENOSYS, E2BIG ->
                new Probe.Outcome.Unsupported(e.reason() + ": this kernel lacks what the programs need; Linux "
                        + (rung == Rung.EBPF ? "6.3" : "5.17") + " with BTF has it");
            default -> new Probe.Outcome.CouldNotTell(e.reason());
        };
    }

    private KernelFold load(Rung rung) throws IOException, CaptureException {
        try {
            return fold(rung);
        } catch (KernelException e) {
            String because =
                    switch (refused(rung, e)) {
                        case Probe.Outcome.Unsupported unsupported -> unsupported.because();
                        case Probe.Outcome.CouldNotTell unclear -> unclear.because();
                        case Probe.Outcome.Supported supported -> e.reason();
                    };
            throw new CaptureException("rung " + rung.label() + " cannot be had: " + because, e);
        }
    }

    private KernelFold fold(Rung rung) throws IOException, KernelException, CaptureException {
        if (rung == Rung.EBPF_TCP) {
            return KernelFold.ebpfTcp(pidNamespace(), KernelFold.Room.DEFAULT);
        }
        Optional<Path> cgroup = Cgroup2.mount(proc);
        if (cgroup.isEmpty()) {
            throw new CaptureException("no cgroup2 hierarchy is mounted to attach to: mount -t cgroup2 none FOLDER");
        }
        return KernelFold.ebpf(cgroup.get(), pidNamespace(), KernelFold.Room.DEFAULT, extras.udpBytes());
    }

    /** Tried, not guessed; without it everything else is as it was. */
    private UnixWatch.Way unix(Rung rung) throws IOException {
        if (rung != Rung.EBPF) {
            return new UnixWatch.Way(null, "rung " + rung.label() + " attaches to no cgroup");
        }
        try {
            Path cgroup = Cgroup2.mount(proc).orElseThrow(() -> new IOException("no cgroup2 hierarchy is mounted"));
            return new UnixWatch.Way(UnixFold.open(cgroup, pidNamespace(), UnixFold.ROOM), "");
        } catch (KernelException e) {
            return new UnixWatch.Way(null, e.reason() + "; Linux 6.7 has the hook");
        }
    }

    private Names names(Rung rung) throws IOException {
        if (rung != Rung.EBPF) {
            return Names.none("rung " + rung.label() + " attaches to no cgroup");
        }
        if (!extras.names()) {
            return Names.none("--no-names is given");
        }
        Path cgroup = Cgroup2.mount(proc).orElseThrow(() -> new IOException("no cgroup2 hierarchy is mounted"));
        return Names.open(cgroup, pidNamespace());
    }

    /** The link reads {@code pid:[4026531836]}. */
    private long pidNamespace() throws IOException {
        String text = Files.readSymbolicLink(proc.resolve("self/ns/pid")).toString();
        return Long.parseLong(text.substring(text.indexOf('[') + 1, text.indexOf(']')));
    }

    CaptureRung open(Rung rung) throws IOException, KernelException, CaptureException {
        KernelFold fold = load(rung);
        SockDiag.Reach reach = rung == Rung.EBPF ? SockDiag.Reach.LISTENERS : SockDiag.Reach.LISTENERS_AND_UDP;
        boolean opened = false;
        try {
            SockDiag dumps = SockDiag.open(proc, clock, reach);
            UnixWatch unix = new UnixWatch(unix(rung), dumps.namespaces(), proc);
            Names known = names(rung);
            Ebpf ebpf = new Ebpf(
                    new Ebpf.Kind(rung, extras.udpBytes()),
                    clock,
                    new Ebpf.Told(fold, known),
                    new Ebpf.Dumps(dumps, unix));
            opened = true;
            return ebpf;
        } finally {
            if (!opened) {
                fold.close();
            }
        }
    }
}
