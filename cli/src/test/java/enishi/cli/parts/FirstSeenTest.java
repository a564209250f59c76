package enishi.cli.parts;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.Dependency;
import enishi.cli.ask.Connect;
import enishi.cli.output.Samples;
import enishi.settings.Home;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FirstSeenTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final FirstSeen firstSeen = new FirstSeen(
            Connect.to(new Home(Path.of("/nonexistent"))),
            77,
            Samples.NOON,
            new PrintStream(bytes, true, StandardCharsets.UTF_8));

    private static Dependency to(String server, int port) {
        return Samples.dependency(
                Samples.client("web1", "nginx", "10.0.0.11"), Samples.server("app1", server, "10.0.0.21", port));
    }

    private static Dependency toOutside(int port) {
        return Samples.dependency(
                Samples.client("web1", "nginx", "10.0.0.11"), Samples.server(null, null, "192.0.2.1", port));
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void enishisOwnTrafficStandsLastAndIsMarked() {
        firstSeen.show(List.of(to("enishi-server", 4649), toOutside(443)));
        assertThat(printed()).isEqualTo("""
                  web1/nginx → 192.0.2.1:443 tcp
                  web1/nginx → app1/enishi-server:4649 tcp (Enishi itself)
                """);
    }

    @Test
    void eachIsShownOnceAndTheListEnds() {
        firstSeen.show(List.of(toOutside(1), toOutside(1)));
        firstSeen.show(List.of(toOutside(1)));
        assertThat(printed().lines()).hasSize(1);
        firstSeen.show(
                IntStream.range(2, 100).mapToObj(FirstSeenTest::toOutside).toList());
        assertThat(printed().lines()).hasSize(41).last().isEqualTo("  and more: enishi dependencies self");
    }

    @Test
    void aServerThatDoesNotAnswerIsToldOnce() {
        firstSeen.show();
        assertThat(printed()).isEmpty();
        firstSeen.show();
        firstSeen.show();
        assertThat(printed().lines()).hasSize(1).first().asString().contains("no server runs");
    }
}
