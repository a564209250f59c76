package enishi.agent.kernel;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Work done inside another network namespace. */
public final class NetworkNamespace {
    private NetworkNamespace() {}

    /**
     * Runs on a platform thread of its own that enters the namespace and then ends: a thread that changed its namespace
     * must never carry virtual threads or be used again.
     *
     * @param file the namespace, such as /proc/PID/ns/net
     * @throws KernelException if it cannot be entered, or from the work itself
     */
    public static <T> T inside(Path file, Callable<T> work) throws KernelException, InterruptedException {
        FutureTask<T> task = new FutureTask<>(() -> {
            enter(file);
            return work.call();
        });
        Thread.ofPlatform().name("namespace").start(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KernelException kernel) {
                throw kernel;
            }
            throw new IllegalStateException("work inside " + file + " failed", e.getCause());
        }
    }

    private static void enter(Path file) throws KernelException {
        try (java.lang.foreign.Arena arena = java.lang.foreign.Arena.ofConfined()) {
            Libc libc = new Libc(arena);
            int fd = libc.open(file.toString(), Linux.O_CLOEXEC);
            try {
                libc.setns(fd, Linux.CLONE_NEWNET);
            } finally {
                libc.close(fd);
            }
        }
    }
}
