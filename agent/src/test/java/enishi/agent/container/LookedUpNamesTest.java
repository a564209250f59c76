package enishi.agent.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LookedUpNamesTest {
    @TempDir
    private Path root;

    private final Map<String, String> told = new ConcurrentHashMap<>();
    private final AtomicInteger questions = new AtomicInteger();
    private final CountDownLatch released = new CountDownLatch(1);

    private NameSource telling() {
        return source(id -> {
            questions.incrementAndGet();
            return Optional.ofNullable(told.get(id));
        });
    }

    private NameSource hanging() {
        return source(id -> {
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Optional.of("late");
        });
    }

    private interface Finding {
        Optional<String> nameOf(String id) throws IOException;
    }

    private static NameSource source(Finding finding) {
        return new NameSource() {
            @Override
            public Optional<String> nameOf(String id) throws IOException {
                return finding.nameOf(id);
            }

            @Override
            public String label() {
                return "/run/some.sock";
            }
        };
    }

    private static LookedUpNames started(LongSupplier clock, NameSource... sources) {
        LookedUpNames names = new LookedUpNames(List.of(sources), clock);
        names.start();
        return names;
    }

    private static long millis() {
        return System.nanoTime() / 1_000_000;
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    /** A flow must not be told under an id first and then under a name. */
    @Test
    void whoAsksFirstGetsTheName() {
        told.put("a", "web");
        try (LookedUpNames names = started(LookedUpNamesTest::millis, telling())) {
            assertThat(names.nameOf("a")).contains("web");
            assertThat(names.nameOf("a")).contains("web");
            assertThat(questions).hasValue(1);
            assertThat(names.limits()).isEmpty();
        }
    }

    @Test
    void theNextSourceIsAskedWhereOneKnowsNothingOrFails() {
        told.put("a", "web");
        NameSource failing = source(id -> {
            throw new IOException("connection refused");
        });
        try (LookedUpNames names =
                started(LookedUpNamesTest::millis, failing, source(id -> Optional.empty()), telling())) {
            assertThat(names.nameOf("a")).contains("web");
        }
    }

    @Test
    void whatFailsIsSaidUntilItWorks() {
        NameSource failing = source(id -> {
            if (told.isEmpty()) {
                throw new IOException("connection refused");
            }
            return Optional.ofNullable(told.get(id));
        });
        try (LookedUpNames names = started(LookedUpNamesTest::millis, failing)) {
            assertThat(names.nameOf("a")).isEmpty();
            assertThat(names.limits())
                    .containsExactly(
                            "Containers' names could not be read from /run/some.sock: connection refused.",
                            "1 container goes by its id: no file of a runtime that this user may read names it."
                                    + " --container-runtime-socket asks a runtime.");
            told.put("b", "db");
            assertThat(names.nameOf("b")).contains("db");
            assertThat(names.limits()).hasSize(1);
        }
    }

    /** The thread that captures is the one that asks. */
    @Test
    void aSourceThatHangsHoldsNobodyUpForLong() {
        try (LookedUpNames names = started(LookedUpNamesTest::millis, hanging())) {
            long begun = millis();
            for (int i = 0; i < 2_000; i++) {
                assertThat(names.nameOf("id" + i)).isEmpty();
            }
            assertThat(Duration.ofMillis(millis() - begun)).isLessThan(Duration.ofSeconds(10));
            released.countDown();
            await(() -> names.nameOf("id0").isPresent());
        }
    }

    /** A runtime writes its files when the container's first process may run already. */
    @Test
    void whatNobodyKnewIsAskedAgainLater() {
        AtomicLong now = new AtomicLong();
        try (LookedUpNames names = started(now::get, telling())) {
            await(() -> {
                names.nameOf("a");
                return questions.get() == 1;
            });
            told.put("a", "web");
            assertThat(names.nameOf("a")).isEmpty();
            now.addAndGet(2_000);
            await(() -> names.nameOf("a").isPresent());
            assertThat(questions).hasValue(2);
        }
    }

    @Test
    void aContainerNobodyAsksForIsNotCountedForEver() {
        AtomicLong now = new AtomicLong();
        try (LookedUpNames names = started(now::get, telling())) {
            await(() -> {
                names.nameOf("a");
                return questions.get() == 1;
            });
            await(() -> names.limits().size() == 1);
            now.addAndGet(600_001);
            assertThat(names.limits()).isEmpty();
        }
    }

    @Test
    void theFilesOfARuntimeComeBeforeItsSocket() throws IOException {
        String id = "9".repeat(64);
        Path file = root.resolve("var/lib/docker/containers/" + id + "/config.v2.json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{\"Name\":\"/of-the-file\"}");
        Path socket = root.resolve("s");
        try (FakeRuntime runtime = new FakeRuntime(socket, each -> FakeRuntime.json("{\"Name\":\"/of-the-socket\"}"));
                LookedUpNames names = LookedUpNames.open(root, Optional.of(socket))) {
            await(() -> names.nameOf(id).isPresent());
            assertThat(names.nameOf(id)).contains("of-the-file");
            assertThat(runtime.requests()).isEmpty();
            await(() -> names.nameOf("8".repeat(64)).isPresent());
            assertThat(names.nameOf("8".repeat(64))).contains("of-the-socket");
        }
    }
}
