package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.Answer;
import enishi.answer.CoverageVerdict;
import enishi.answer.Dependency;
import enishi.answer.Hop;
import enishi.answer.ListenerItem;
import enishi.answer.ServiceItem;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** What an installation answers, read from the JSON that its commands print. */
public final class Answered {
    private static final long PATIENCE_SECONDS = 90;

    /** Strict: a field that the answer's shape does not have is an error. */
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final Pattern COUNTS = Pattern.compile(
            "\"pids\":\\[[0-9,]*]"
                    + "|\"(more_processes|connections|failures|active|client_bytes|server_bytes|rtt_micros|retransmits)\":\\d+");

    private final Enishi enishi;

    public Answered(Enishi enishi) {
        this.enishi = enishi;
    }

    /** One line of {@code export}, read. */
    public record Exported(String line, Dependency dependency) {
        public static Exported of(String line) {
            return new Exported(line, MAPPER.readValue(line, Dependency.class));
        }

        /** The line without process ids and counts, which may look like a port. */
        String withoutCounts() {
            return COUNTS.matcher(line).replaceAll("");
        }
    }

    /** Every dependency that {@code export} prints of a window. */
    List<Exported> exported(String... window) {
        return lines("jsonl", window).stream().map(Exported::of).toList();
    }

    /** Those that fulfil a condition. */
    List<Dependency> exported(Predicate<Dependency> which, String... window) {
        return exported(window).stream().map(Exported::dependency).filter(which).toList();
    }

    /** The lines of {@code export} in a format. */
    List<String> lines(String format, String... window) {
        return answer(with(window, "export", "-o", format)).lines().toList();
    }

    /** What {@code dependencies} answers as a whole, with notes and coverage. */
    Answer<Dependency> dependencies(String node, String... window) {
        return MAPPER.readValue(answer(with(window, "dependencies", node, "-o", "json")), new TypeReference<>() {});
    }

    /** How complete an answer about every host is. */
    public CoverageVerdict coverage(String... window) {
        Answer<ServiceItem> answer =
                MAPPER.readValue(answer(with(window, "services", "-o", "json")), new TypeReference<>() {});
        return answer.coverage();
    }

    /** What {@code hops} answers as a whole. */
    Answer<Hop> hops(String node) {
        return MAPPER.readValue(answer("hops", node, "-o", "json"), new TypeReference<>() {});
    }

    /** What {@code listeners} answers as a whole. */
    Answer<ListenerItem> listeners() {
        return MAPPER.readValue(answer("listeners", "-o", "json"), new TypeReference<>() {});
    }

    /** What a command answers; that it could not answer is no empty answer. */
    private String answer(String... command) {
        try {
            Enishi.Ended ended = enishi.run(command);
            if (ended.code() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed: " + ended.err());
            }
            return ended.out();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String[] with(String[] more, String... first) {
        return Stream.of(first, more).flatMap(Stream::of).toArray(String[]::new);
    }

    /** Waits until {@code export} shows exactly these ties among the dependencies that fulfil a condition. */
    void awaitTies(Set<Tie> expected, Predicate<Dependency> which) throws InterruptedException {
        awaitShown(expected, () -> ties(exported(which)), which);
    }

    /** Waits until {@code export} shows so many connections of the dependencies that fulfil a condition. */
    void awaitConnections(long expected, Predicate<Dependency> which) throws InterruptedException {
        awaitShown(
                expected,
                () -> exported(which).stream()
                        .mapToLong(Dependency::connections)
                        .sum(),
                which);
    }

    /** If it never is, what there was instead tells why. */
    private <T> void awaitShown(T expected, Supplier<T> actual, Predicate<Dependency> which)
            throws InterruptedException {
        try {
            await(expected, actual);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + enishi.ask("agent", "status") + exported(which), e);
        }
    }

    static Set<Tie> ties(List<Dependency> dependencies) {
        return dependencies.stream().map(Tie::of).collect(Collectors.toSet());
    }

    /** Waits until something is as expected, and says how it was at last if it never is. */
    static <T> void await(T expected, Supplier<T> actual) throws InterruptedException {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        T last = actual.get();
        while (!last.equals(expected) && System.nanoTime() < endNanos) {
            TimeUnit.MILLISECONDS.sleep(500);
            last = actual.get();
        }
        assertThat(last).isEqualTo(expected);
    }
}
