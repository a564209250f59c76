package enishi.agent.container;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Names looked up once for each container on a thread of their own. Who asks first waits for the answer a moment, for
 * a flow told under an id and then under a name is two flows; all such waiting together is a tenth of the time at most,
 * so that a runtime or disk that hangs costs names and never a connection. What nobody knows is asked again for a
 * while: a runtime may write its files after it has started a container.
 */
public final class LookedUpNames implements ContainerNames, AutoCloseable {
    private static final int REMEMBERED_MAX = 4_096;
    private static final int WAITING_MAX = 1_024;
    private static final long FORGOTTEN_MILLIS = 600_000;
    private static final long AGAIN_MILLIS = 2_000;
    private static final int SOON_TRIES = 5;
    private static final long LATER_MILLIS = 60_000;
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private final List<NameSource> sources;
    private final LongSupplier clockMillis;
    private final Waiting waiting;
    private final Map<String, Looked> looked = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, String> failures = new LinkedHashMap<>();
    private final BlockingQueue<String> asked = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Thread thread =
            Thread.ofPlatform().name("enishi-containers").daemon().unstarted(this::run);

    /** What is known of one container. */
    private static final class Looked {
        @Nullable String name;

        boolean isAnswered;
        boolean isAsked;
        int tries;
        long askedMillis;
        long lookedMillis;
    }

    LookedUpNames(List<NameSource> sources, LongSupplier clockMillis) {
        this.sources = List.copyOf(sources);
        this.clockMillis = clockMillis;
        waiting = new Waiting(clockMillis);
    }

    /**
     * Begins to look in the folders where runtimes leave what they know, and at a socket if there is one.
     *
     * @param root the root of the file system that the runtimes write to
     */
    public static LookedUpNames open(Path root, Optional<Path> socket) {
        List<NameSource> sources = new ArrayList<>();
        sources.add(new Bundles(
                root.resolve("run/containerd/io.containerd.runtime.v2.task"),
                root.resolve("run/containers/storage/overlay-containers")));
        sources.add(new KubeletLogs(root.resolve("var/log/containers")));
        sources.add(new DockerFiles(root.resolve("var/lib/docker/containers")));
        socket.ifPresent(path -> sources.add(new RuntimeSocket(path, PATIENCE)));
        sources.add(new StorageFiles(root.resolve("var/lib/containers/storage/overlay-containers")));
        LookedUpNames names = new LookedUpNames(sources, () -> System.nanoTime() / 1_000_000);
        names.start();
        return names;
    }

    void start() {
        thread.start();
    }

    @Override
    public synchronized Optional<String> nameOf(String id) {
        long now = clockMillis.getAsLong();
        Looked one = looked.computeIfAbsent(id, each -> new Looked());
        one.askedMillis = now;
        if (looked.size() > REMEMBERED_MAX) {
            looked.remove(looked.keySet().iterator().next());
        }
        long pause = one.tries <= SOON_TRIES ? AGAIN_MILLIS : LATER_MILLIS;
        boolean isDue = !one.isAnswered || (one.name == null && now - one.lookedMillis >= pause);
        if (isDue && !one.isAsked) {
            one.isAsked = asked.offer(id);
        }
        if (!one.isAnswered && one.isAsked) {
            waiting.until(this, () -> one.isAnswered);
        }
        return Optional.ofNullable(one.name);
    }

    private void run() {
        try {
            while (true) {
                String id = asked.take();
                answer(id, find(id));
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private Optional<String> find(String id) {
        for (NameSource each : sources) {
            try {
                Optional<String> name = each.nameOf(id);
                failed(each, null);
                if (name.isPresent()) {
                    return name;
                }
            } catch (IOException | RuntimeException e) {
                failed(each, e);
            }
        }
        return Optional.empty();
    }

    private synchronized void failed(NameSource source, @Nullable Exception by) {
        if (by == null) {
            failures.remove(source.label());
        } else {
            failures.put(source.label(), String.valueOf(by.getMessage()));
        }
    }

    private synchronized void answer(String id, Optional<String> name) {
        Looked one = looked.get(id);
        if (one != null) {
            one.name = name.orElse(null);
            one.isAnswered = true;
            one.isAsked = false;
            one.tries++;
            one.lookedMillis = clockMillis.getAsLong();
        }
        notifyAll();
    }

    /** What could not be found out and why, a sentence each. */
    public synchronized List<String> limits() {
        long now = clockMillis.getAsLong();
        looked.values().removeIf(each -> now - each.askedMillis > FORGOTTEN_MILLIS);
        List<String> limits = new ArrayList<>();
        failures.forEach(
                (where, why) -> limits.add("Containers' names could not be read from " + where + ": " + why + "."));
        long unnamed =
                looked.values().stream().filter(each -> each.name == null).count();
        if (unnamed > 0) {
            limits.add(unnamed + (unnamed == 1 ? " container goes by its id" : " containers go by their ids")
                    + ": no file of a runtime that this user may read names it. --container-runtime-socket asks a"
                    + " runtime.");
        }
        return limits;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
