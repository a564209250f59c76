package enishi.lab.bench;

import enishi.agent.kernel.KernelException;
import enishi.agent.kernel.KernelFold;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is measured by lab/bench/overhead: the programs in the kernel and their reader, as an agent runs them. A line on
 * stdin says whether they shall be attached ({@code on}, {@code off}); a line on stdout says that they are. In between
 * it drains each second and sweeps every other. The first argument is the folder of a cgroup2; a second makes it count
 * the bytes of datagrams.
 */
final class OverheadWatch {
    private static final long DRAIN_NANOS = 1_000_000_000L;
    private static final int SWEEP_EACH = 2;
    private final Path cgroup;
    private final boolean udpBytes;
    private Optional<KernelFold> fold = Optional.empty();
    private long opened;

    private OverheadWatch(Path cgroup, boolean udpBytes) {
        this.cgroup = cgroup;
        this.udpBytes = udpBytes;
    }

    public static void main(String[] arguments) throws IOException, KernelException, InterruptedException {
        OverheadWatch watch = new OverheadWatch(Path.of(arguments[0]), arguments.length > 1);
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            watch.obey(in);
        }
    }

    private void obey(BufferedReader in) throws IOException, KernelException, InterruptedException {
        boolean more = true;
        long due = System.nanoTime() + DRAIN_NANOS;
        long drains = 0;
        while (more) {
            if (fold.isEmpty() || in.ready()) {
                String line = in.readLine();
                more = line != null;
                turn("on".equals(line));
                due = System.nanoTime() + DRAIN_NANOS;
                System.out.println(line + " " + opened);
            } else if (System.nanoTime() - due < 0) {
                Thread.sleep(50);
            } else {
                due += DRAIN_NANOS;
                step(fold.orElseThrow(), drains++ % SWEEP_EACH == 0);
            }
        }
    }

    private void step(KernelFold from, boolean sweep) throws KernelException {
        if (sweep) {
            from.sweep(each -> {});
        }
        from.drain(each -> opened += each.opened());
    }

    private void turn(boolean on) throws KernelException {
        if (fold.isPresent()) {
            KernelFold was = fold.orElseThrow();
            step(was, false);
            if (was.losses().opened() > 0) {
                throw new IllegalStateException("connections were lost: " + was.losses());
            }
            was.close();
            fold = Optional.empty();
        }
        opened = on ? 0 : opened;
        if (on) {
            KernelFold now = KernelFold.ebpf(cgroup, 0xEFFF_FFFCL, KernelFold.Room.DEFAULT, udpBytes);
            fold = Optional.of(now);
            now.sweep(each -> {});
            now.started();
            now.drain(each -> {});
        }
    }
}
