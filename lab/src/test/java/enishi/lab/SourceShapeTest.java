package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What CONTRIBUTING.md and GLOSSARY.md say of the source, held by reading it. */
class SourceShapeTest {
    private static final Path ROOT = Path.of(System.getProperty("maven.multiModuleProjectDirectory", ".."));
    private static final Pattern BANNED = Pattern.compile("\\b(?:class|record|enum|interface)\\s+\\w*"
            + "(?:Session|Edge|Payload|Upstream|Downstream|Tracer|Manager|Helper|Util|Impl|Dto)\\b");

    private static List<Path> sources(String part) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/" + part + "/java/"))
                    .toList();
        }
    }

    private static List<String> offending(String part, java.util.function.Function<List<String>, Boolean> bad)
            throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : sources(part)) {
            if (bad.apply(Files.readAllLines(file))) {
                found.add(file.toString());
            }
        }
        return found;
    }

    @Test
    void thereAreSourcesToRead() throws IOException {
        assertThat(sources("main").size()).isGreaterThan(100);
    }

    @Test
    void filesStaySmall() throws IOException {
        assertThat(offending("main", lines -> lines.size() > 300)).isEmpty();
    }

    @Test
    void linesStayShort() throws IOException {
        assertThat(offending(
                        "main",
                        lines -> lines.stream()
                                .anyMatch(line ->
                                        line.length() > 120 && !line.startsWith("/**") && !line.startsWith("import"))))
                .isEmpty();
    }

    @Test
    void packagesStaySmallAndSayWhatTheyAre() throws IOException {
        Map<Path, Long> sizes = sources("main").stream()
                .filter(file -> !file.endsWith("package-info.java"))
                .collect(Collectors.groupingBy(file -> ROOT.relativize(file).getParent(), Collectors.counting()));
        for (Path each : sizes.keySet()) {
            assertThat(ROOT.resolve(each).resolve("package-info.java")).exists();
            assertThat(Files.readString(ROOT.resolve(each).resolve("package-info.java")))
                    .contains("@NullMarked");
        }
    }

    @Test
    void namesComeFromTheGlossary() throws IOException {
        assertThat(offending(
                        "main",
                        lines -> lines.stream()
                                .anyMatch(line -> BANNED.matcher(line).find())))
                .isEmpty();
        assertThat(BANNED.matcher("final class UserSession {").find()).isTrue();
    }
}
