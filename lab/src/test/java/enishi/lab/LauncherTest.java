package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.lab.Enishi.Ended;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A copy of {@code ./enishi} in a folder of its own, on a PATH that holds nothing but the tools it may use, with a JDK
 * and a Maven that only write down how they are used.
 */
@SuppressWarnings("NullAway.Init") // JUnit calls copyTheScript() first
class LauncherTest {
    private static final long PATIENCE_SECONDS = 60;
    private static final List<String> TOOLS = List.of(
            "bash",
            "dirname",
            "find",
            "flock",
            "grep",
            "id",
            "ln",
            "mkdir",
            "mktemp",
            "mv",
            "readlink",
            "rm",
            "sed",
            "tee",
            "timeout");

    @TempDir
    private Path folder;

    private Path checkout;
    private Path script;
    private Path mvn;
    private String jdks;

    @BeforeEach
    void copyTheScript() throws IOException {
        checkout = folder.resolve("a check'out");
        Files.createDirectories(checkout.resolve("lab"));
        for (String each : List.of("enishi", "lab/find-jdk.sh")) {
            Files.copy(Enishi.ROOT.resolve(each), checkout.resolve(each), StandardCopyOption.COPY_ATTRIBUTES);
        }
        script = checkout.resolve("enishi");
        for (String each :
                List.of("model/src/main", "agent/src/main", "server/src/main", "cli/src/main", "ui", ".mvn")) {
            Files.createDirectories(checkout.resolve(each));
        }
        for (String each : List.of("", "model", "agent", "server", "cli")) {
            Files.writeString(checkout.resolve(each).resolve("pom.xml"), "");
        }
        Files.writeString(checkout.resolve("cli/src/main/Some.java"), "");
        Path bin = Files.createDirectories(folder.resolve("bin"));
        for (String each : TOOLS) {
            Path tool = Path.of("/usr/bin", each);
            executable(bin.resolve(each), "exec " + (Files.exists(tool) ? tool : Path.of("/bin", each)) + " \"$@\"\n");
        }
        mvn = executable(bin.resolve("mvn"), """
                echo "$*" >>mvn.calls
                echo "[INFO] Building Enishi model: values and wire 0.1.0 [2/5]"
                mkdir -p dist/cli dist/server
                """);
        jdks = jdk("25");
    }

    private String jdk(String version) throws IOException {
        Path jdk = Files.createDirectories(folder.resolve("jdk-" + version));
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + ".0.1\"\n");
        Files.createDirectories(jdk.resolve("bin"));
        executable(jdk.resolve("bin/javac"), "exit 1\n");
        executable(jdk.resolve("bin/java"), """
                case "$*" in
                *enishi.cli.Training*)
                  for last; do :; done
                  echo trained >>mvn.calls
                  echo x | tee "$last/cli.aot" >"$last/server.aot" ;;
                *)
                  echo "${0##*/}"
                  printf '%s\\n' "$@"
                  exit 7 ;;
                esac
                """.replace(
                        "mvn.calls", "'" + checkout.toString().replace("'", "'\\''") + "/mvn.calls'"));
        return jdk.toString();
    }

    private static Path executable(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/bash\n" + body);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Process start(Path program, Path err, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", folder.resolve("bin").toString());
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("ENISHI_JDKS", jdks);
        return builder.redirectError(err.toFile()).start();
    }

    private static Ended await(Process process, Path err) throws Exception {
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), out, Files.readString(err));
    }

    private Ended run(Path program, String... arguments) throws Exception {
        Path err = Files.createTempFile(folder, "run", ".err");
        return await(start(program, err, arguments), err);
    }

    /** The calls of Maven and of the training, one a line. */
    private List<String> calls() throws IOException {
        Path calls = checkout.resolve("mvn.calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    @Test
    void theFirstRunBuildsAndTrainsAndTheNextDoesNeither() throws Exception {
        Ended first = run(script, "hosts", "two words", "*");
        assertThat(first.err())
                .contains("building model ...")
                .contains("built in ")
                .contains("AOT caches made");
        assertThat(first.code()).as("the exit code is that of the command").isEqualTo(7);
        assertThat(first.out().lines().toList())
                .startsWith("enishi")
                .endsWith("enishi.cli.Main", "hosts", "two words", "*")
                .contains("-XX:AOTCache=" + checkout.resolve("dist/cli.aot"));
        assertThat(calls()).hasSize(2).last().isEqualTo("trained");
        assertThat(calls().getFirst()).contains("-pl model,agent,server,cli package");
        Ended second = run(script, "hosts");
        assertThat(second.err()).isEmpty();
        assertThat(calls()).hasSize(2);
        try (var left = Files.list(checkout.resolve("dist"))) {
            assertThat(left.map(each -> each.getFileName().toString())).noneMatch(each -> each.startsWith("training"));
        }
    }

    @Test
    void aTouchedSourceIsBuiltAgain() throws Exception {
        run(script);
        Files.setLastModifiedTime(
                checkout.resolve("cli/src/main/Some.java"),
                FileTime.from(Instant.now().plusSeconds(5)));
        assertThat(run(script).err()).contains("built in");
        assertThat(calls()).filteredOn(each -> each.contains("package")).hasSize(2);
    }

    @Test
    void newJarsAreTrainedAgain() throws Exception {
        run(script);
        Path jar = Files.writeString(checkout.resolve("dist/cli/some.jar"), "");
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(5)));
        assertThat(run(script).err()).contains("AOT caches made").doesNotContain("built in");
    }

    @Test
    void anotherJdkIsTrainedAgain() throws Exception {
        run(script);
        jdks = jdk("26");
        assertThat(run(script).err()).contains("AOT caches made").doesNotContain("built in");
    }

    @Test
    void aTrainingThatFailsIsSaidOnceAndTheCommandRuns() throws Exception {
        Path java = Path.of(jdks, "bin/java");
        executable(java, Files.readString(java).replace("echo x | tee", "exit 3; echo x | tee"));
        Ended first = run(script, "hosts");
        assertThat(first.err()).contains("making AOT caches failed");
        assertThat(first.code()).isEqualTo(7);
        assertThat(first.out()).contains("enishi.cli.Main").doesNotContain("AOTCache=");
        assertThat(run(script, "hosts").err()).isEmpty();
    }

    @Test
    void aFailedBuildIs70AndNamesTheErrorAndTheLog() throws Exception {
        executable(mvn, "echo '[ERROR] Some.java: no such thing'; exit 1\n");
        Ended ended = run(script);
        assertThat(ended.code()).isEqualTo(70);
        assertThat(ended.err()).contains("the build failed; target/build.log").contains("Some.java: no such thing");
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void withoutAJdkItSaysSoInOneLine() throws Exception {
        jdks = folder.resolve("nowhere").toString();
        Ended ended = run(script);
        ended.isOneLine(69);
        assertThat(ended.err()).contains("version 25 or later is needed (none was found)");
    }

    @Test
    void anOlderJdkIsNamedAndRefused() throws Exception {
        jdks = jdk("17") + ":" + jdk("21");
        Ended ended = run(script);
        ended.isOneLine(69);
        assertThat(ended.err()).contains(folder.resolve("jdk-17") + " is 17, " + folder.resolve("jdk-21") + " is 21");
    }

    @Test
    void aJdkWithoutReleaseFileIsAsked() throws Exception {
        Files.delete(Path.of(jdks, "release"));
        executable(Path.of(jdks, "bin/javac"), "echo 'javac 25.0.1' >&2\n");
        assertThat(run(script).code()).isEqualTo(7);
    }

    @Test
    void withoutMavenItSaysSoInOneLine() throws Exception {
        Files.delete(mvn);
        Ended ended = run(script);
        ended.isOneLine(69);
        assertThat(ended.err()).contains("no mvn on PATH");
    }

    @Test
    void itRunsThroughASymlinkFromAnotherFolder() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), script);
        assertThat(run(link, "hosts").out()).contains("-Denishi.dist=" + checkout.resolve("dist"));
    }

    @Test
    void twoThatStartAtOnceBuildOnce() throws Exception {
        Path one = folder.resolve("one.err");
        Path other = folder.resolve("other.err");
        Process first = start(script, one, "hosts");
        Process second = start(script, other, "hosts");
        assertThat(await(first, one).code()).isEqualTo(7);
        assertThat(await(second, other).code()).isEqualTo(7);
        assertThat(calls()).hasSize(2);
    }
}
