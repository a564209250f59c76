package enishi.agent.capture;

import enishi.agent.kernel.KernelException;
import enishi.agent.kernel.KernelFold;
import enishi.agent.process.Cgroup2;
import enishi.model.Rung;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** The two rungs of BPF programs: whether they can be had, and having them. */
final class EbpfRungs {
    private final Path proc;
    private final InstantSource clock;
    private final boolean udpBytes;

    EbpfRungs(Path proc, InstantSource clock, boolean udpBytes) {
        this.proc = proc;
        this.clock = clock;
        this.udpBytes = udpBytes;
    }

    /** Loads and attaches everything for a moment. */
    Probe.Outcome tryEbpf() {
        try (KernelFold fold = fold()) {
            fold.losses();
            return new Probe.Outcome.Supported();
        } catch (CaptureException e) {
            return new Probe.Outcome.Unsupported(String.valueOf(e.getMessage()));
        } catch (KernelException e) {
            return switch (e.errno()) {
                case EPERM, EACCES ->
                    new Probe.Outcome.Unsupported(
                            e.reason() + ": run the agent as root, or with CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN");
                case ENOENT, EINVAL, ESRCH, ENOSYS, E2BIG ->
                    new Probe.Outcome.Unsupported(
                            e.reason() + ": this kernel lacks what the programs need, which Linux 6.3 with BTF has");
                default -> new Probe.Outcome.CouldNotTell(e.reason());
            };
        } catch (IOException e) {
            return new Probe.Outcome.CouldNotTell(String.valueOf(e.getMessage()));
        }
    }

    private KernelFold fold() throws IOException, KernelException, CaptureException {
        Optional<Path> cgroup = Cgroup2.mount(proc);
        if (cgroup.isEmpty()) {
            throw new CaptureException("no cgroup2 hierarchy is mounted to attach to: mount -t cgroup2 none FOLDER");
        }
        return KernelFold.ebpf(cgroup.get(), pidNamespace(), KernelFold.Room.DEFAULT, udpBytes);
    }

    /** The link reads {@code pid:[4026531836]}. */
    private long pidNamespace() throws IOException {
        String text = Files.readSymbolicLink(proc.resolve("self/ns/pid")).toString();
        return Long.parseLong(text.substring(text.indexOf('[') + 1, text.indexOf(']')));
    }

    CaptureRung open(Rung rung) throws IOException, KernelException, CaptureException {
        KernelFold fold = fold();
        boolean opened = false;
        try {
            Ebpf ebpf = new Ebpf(
                    new Ebpf.Kind(rung, udpBytes), clock, fold, SockDiag.open(proc, clock, SockDiag.Reach.LISTENERS));
            opened = true;
            return ebpf;
        } finally {
            if (!opened) {
                fold.close();
            }
        }
    }
}
