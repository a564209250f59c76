package enishi.wire;

import enishi.model.Address;
import enishi.model.Coverage;
import enishi.model.Evidence;
import enishi.model.Flow;
import enishi.model.FlowObservations;
import enishi.model.Host;
import enishi.model.HostAddress;
import enishi.model.HostId;
import enishi.model.Listener;
import enishi.model.ListenerSpan;
import enishi.model.Observation;
import enishi.model.ProcessId;
import enishi.model.Program;
import enishi.model.Report;
import enishi.model.Role;
import enishi.model.Rung;
import enishi.model.Traffic;
import enishi.model.Translation;
import enishi.model.TranslationMinute;
import enishi.model.TranslationMinutes;
import enishi.model.Transport;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reports with every field anywhere in its range, the same ones for the same seed. */
final class RandomReports {
    private static final List<String> TEXTS =
            List.of("", "nginx", "a b", "\u001b[31m", "日本語", "\u0000\uffff", "x".repeat(300));
    private final Random random;
    private final HostId host;

    RandomReports(long seed) {
        random = new Random(seed);
        host = HostId.random(random);
    }

    Report next() {
        Host whose = new Host(
                host,
                text(),
                text(),
                several(() -> new HostAddress(count(), address())),
                random.nextBoolean() ? Map.of() : Map.of("site", text(), "rack", text()));
        return new Report(
                whose,
                random.nextLong(),
                count(),
                count(),
                several(() -> new FlowObservations(flow(), several(this::observation))),
                several(this::listener),
                several(this::coverage),
                several(() -> new TranslationMinutes(translation(), several(this::minute))));
    }

    private Flow flow() {
        Transport over = any(Transport.values());
        return new Flow(host, count(), program(), any(Role.values()), address(), address(), port(), over, socket(over));
    }

    private Observation observation() {
        Set<Evidence> evidence = EnumSet.noneOf(Evidence.class);
        evidence.addAll(several(() -> any(Evidence.values())));
        return new Observation(
                count(),
                count(),
                count(),
                count(),
                count(),
                random.nextBoolean() ? null : new Traffic(count(), count()),
                random.nextInt() & Integer.MAX_VALUE,
                count(),
                count(),
                count(),
                evidence,
                several(this::process),
                count());
    }

    private ListenerSpan listener() {
        Transport over = any(Transport.values());
        Listener listener =
                new Listener(host, count(), address(), port(), over, random.nextBoolean(), program(), socket(over));
        return new ListenerSpan(listener, random.nextBoolean() ? null : process(), count(), count());
    }

    private Coverage coverage() {
        return new Coverage(
                count(),
                any(Rung.values()),
                random.nextLong() & Coverage.WHOLE_MINUTE,
                count(),
                count(),
                count(),
                count(),
                count(),
                count());
    }

    /** The ports differ, so that something is translated. */
    private Translation translation() {
        int asked = port();
        return new Translation(
                host,
                count(),
                random.nextBoolean() ? Transport.TCP : Transport.UDP,
                address(),
                address(),
                asked,
                address(),
                asked ^ 1,
                address());
    }

    private TranslationMinute minute() {
        return new TranslationMinute(count(), count(), count(), count(), count());
    }

    private ProcessId process() {
        return new ProcessId(random.nextInt() & Integer.MAX_VALUE, count());
    }

    private @Nullable Program program() {
        return switch (random.nextInt(3)) {
            case 0 -> null;
            case 1 -> new Program(text(), text(), null);
            default -> new Program(text(), text(), text());
        };
    }

    private @Nullable String socket(Transport over) {
        return over == Transport.UNIX ? text() : null;
    }

    private Address address() {
        return random.nextBoolean()
                ? Address.ofV4(random.nextInt())
                : new Address(random.nextLong(), random.nextLong());
    }

    private int port() {
        return random.nextInt(0x10000);
    }

    /** Small, large and the greatest alike. */
    private long count() {
        return (random.nextLong() & Long.MAX_VALUE) >>> random.nextInt(64);
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private <T> List<T> several(Supplier<T> source) {
        return Stream.generate(source).limit(random.nextInt(5)).toList();
    }
}
