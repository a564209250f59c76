package enishi.agent.kernel;

import enishi.agent.kernel.KernelFold.Room;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The programs in the kernel, read by a thread of their own, and what they told of one network namespace. */
final class RecallWatch implements AutoCloseable {
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final KernelFold fold;
    private final Map<Side, Sum> told = new HashMap<>();
    private final long namespace;
    private final Future<?> regular;

    /** One side of what two processes have to do with each other, whatever addresses they use. */
    record Side(boolean udp, boolean client, int port, String program, int pid) {
        static Side of(FoldedFlow flow) {
            String program = new String(flow.program(), StandardCharsets.UTF_8);
            return new Side(flow.isUdp(), flow.isClient(), flow.serverPort(), program, flow.pid());
        }
    }

    record Sum(long opened, long adopted, long closed, long failed, long sent, long received) {
        static Sum of(FoldedFlow flow) {
            return new Sum(
                    flow.opened(),
                    flow.adopted(),
                    flow.closed(),
                    flow.failed(),
                    flow.sentBytes(),
                    flow.receivedBytes());
        }

        /** Connections that came and went. */
        static Sum whole(long count, long sent, long received) {
            return new Sum(count, 0, count, 0, sent, received);
        }

        Sum plus(Sum more) {
            return new Sum(
                    opened + more.opened,
                    adopted + more.adopted,
                    closed + more.closed,
                    failed + more.failed,
                    sent + more.sent,
                    received + more.received);
        }
    }

    /**
     * Begins to watch.
     *
     * @param sweepMillis how often it sweeps, 0 for never
     * @param drains whether it drains each time, or only when it is asked to
     */
    RecallWatch(RecallPlace place, Path cgroup, Room room, long sweepMillis, boolean drains) throws Exception {
        namespace = place.namespace();
        fold = on(() -> {
            KernelFold open = KernelFold.ebpf(cgroup, 0xEFFF_FFFCL, room, false);
            open.disown();
            open.sweep(each -> {});
            open.started();
            open.drain(each -> {});
            open.refusalsSince(0);
            return open;
        });
        Callable<Boolean> step = () -> {
            fold.sweep(each -> {});
            if (drains) {
                fold.drain(this::add);
            }
            return true;
        };
        regular = sweepMillis == 0
                ? thread.submit(() -> {})
                : thread.scheduleAtFixedRate(() -> unchecked(step), sweepMillis, sweepMillis, TimeUnit.MILLISECONDS);
    }

    /** Watches everything, sweeping twice a second; where it cannot, the place is removed. */
    static RecallWatch ofAll(RecallPlace place) throws Exception {
        try {
            return new RecallWatch(place, RecallPlace.cgroup2(), Room.DEFAULT, 500, true);
        } catch (Exception e) {
            place.close();
            throw e;
        }
    }

    private static void unchecked(Callable<Boolean> step) {
        try {
            step.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private <T> T on(Callable<T> what) throws Exception {
        return thread.submit(what).get();
    }

    private void add(FoldedFlow flow) {
        if (flow.namespace() == namespace) {
            told.merge(Side.of(flow), Sum.of(flow), Sum::plus);
        }
    }

    /** What was told since this was asked last. */
    Map<Side, Sum> take() throws Exception {
        if (regular.isDone()) {
            regular.get();
        }
        return on(() -> {
            fold.drain(this::add);
            Map<Side, Sum> all = new HashMap<>(told);
            told.clear();
            return all;
        });
    }

    /** Makes the programs as young, or as old, as they were at that moment. */
    void refusalsSince(long nanos) throws Exception {
        on(() -> {
            fold.refusalsSince(nanos);
            return true;
        });
    }

    Losses losses() throws Exception {
        return on(fold::losses);
    }

    @Override
    public void close() {
        regular.cancel(false);
        CompletableFuture.runAsync(fold::close, thread).join();
        thread.shutdown();
    }
}
