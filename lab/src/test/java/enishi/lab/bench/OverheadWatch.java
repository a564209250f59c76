package enishi.lab.bench;

import enishi.agent.kernel.KernelException;
import enishi.agent.kernel.KernelFold;
import enishi.agent.kernel.NameRing;
import enishi.agent.kernel.UnixFold;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is measured by lab/bench/overhead: the programs in the kernel and their reader, as an agent runs them. A line on
 * stdin says whether they shall be attached ({@code on}, {@code off}); a line on stdout says that they are. In between
 * it drains each second and sweeps every other. The first argument is the folder of a cgroup2; {@code udp-bytes} makes
 * it count the bytes of datagrams, {@code names} attach the programs that tell names and no other, {@code unix} those for unix
 * sockets and no other.
 */
final class OverheadWatch {
    private static final long DRAIN_NANOS = 1_000_000_000L;
    private static final int SWEEP_EACH = 2;
    private final Path cgroup;
    private final List<String> how;
    private Optional<KernelFold> fold = Optional.empty();
    private Optional<NameRing> names = Optional.empty();
    private Optional<UnixFold> unix = Optional.empty();
    private long opened;

    private OverheadWatch(Path cgroup, List<String> how) {
        this.cgroup = cgroup;
        this.how = how;
    }

    public static void main(String[] arguments) throws IOException, KernelException, InterruptedException {
        OverheadWatch watch = new OverheadWatch(Path.of(arguments[0]), List.of(arguments));
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            watch.obey(in);
        }
    }

    private void obey(BufferedReader in) throws IOException, KernelException, InterruptedException {
        boolean more = true;
        long due = System.nanoTime() + DRAIN_NANOS;
        long drains = 0;
        while (more) {
            if ((fold.isEmpty() && names.isEmpty() && unix.isEmpty()) || in.ready()) {
                String line = in.readLine();
                more = line != null;
                turn("on".equals(line));
                due = System.nanoTime() + DRAIN_NANOS;
                System.out.println(line + " " + opened);
            } else if (System.nanoTime() - due < 0) {
                Thread.sleep(50);
            } else {
                due += DRAIN_NANOS;
                step(drains++ % SWEEP_EACH == 0);
            }
        }
    }

    private void step(boolean sweep) throws KernelException {
        if (names.isPresent()) {
            names.orElseThrow().drain(each -> {});
        }
        if (unix.isPresent()) {
            unix.orElseThrow().drain(each -> {});
        }
        if (fold.isPresent()) {
            KernelFold from = fold.orElseThrow();
            if (sweep) {
                from.sweep(each -> {});
            }
            from.drain(each -> opened += each.opened());
        }
    }

    private void turn(boolean on) throws KernelException {
        if (fold.isPresent()) {
            KernelFold was = fold.orElseThrow();
            step(false);
            if (was.losses().opened() > 0) {
                throw new IllegalStateException("connections were lost: " + was.losses());
            }
            was.close();
            fold = Optional.empty();
        }
        names.ifPresent(NameRing::close);
        names = Optional.empty();
        unix.ifPresent(UnixFold::close);
        unix = Optional.empty();
        opened = on ? 0 : opened;
        if (on && how.contains("names")) {
            names = Optional.of(NameRing.open(cgroup, 0xEFFF_FFFCL));
        } else if (on && how.contains("unix")) {
            unix = Optional.of(UnixFold.open(cgroup, 0xEFFF_FFFCL, UnixFold.ROOM));
        } else if (on) {
            KernelFold now = KernelFold.ebpf(cgroup, 0xEFFF_FFFCL, KernelFold.Room.DEFAULT, how.contains("udp-bytes"));
            fold = Optional.of(now);
            now.sweep(each -> {});
            now.started();
            now.drain(each -> {});
        }
    }
}
