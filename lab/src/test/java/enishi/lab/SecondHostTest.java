package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.lab.Enishi.Ended;
import enishi.model.Coverage;
import enishi.model.Host;
import enishi.model.HostId;
import enishi.model.Report;
import enishi.model.Rung;
import enishi.wire.ReportCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Another host joins over TLS, by the very lines that README.md tells. */
@Tag("root")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // JUnit calls join() first
class SecondHostTest {
    private static final String SERVER = "10.93.7.1";
    private static final String CLIENT = "10.93.7.2";
    private static final int PORT = 8000;
    private static final List<String> TRUST = List.of("--tls-ca", "ca.pem");

    @TempDir
    static Path folder;

    private LabHost map1;
    private LabHost web1;
    private Enishi onMap1;
    private Enishi onWeb1;
    private List<String> joined;

    @BeforeAll
    void join() throws Exception {
        Path first = Files.createDirectory(folder.resolve("map1"));
        Path second = Files.createDirectory(folder.resolve("web1"));
        onMap1 = new Enishi(Files.createDirectory(first.resolve("home")));
        onWeb1 = new Enishi(Files.createDirectory(second.resolve("home")));
        map1 = LabHost.start("map1", first);
        web1 = LabHost.start("web1", second);
        LabHost.connect(map1, SERVER, web1, CLIENT);
        certify(first);
        start(map1, onMap1, readme("server --listen"));
        Part.until("the server", () -> Files.exists(onMap1.home().resolve("server.url")));
        Ended invited = run(map1, onMap1, readme("server invite").subList(0, 3));
        Files.writeString(second.resolve("web1.token"), invited.out());
        Files.copy(first.resolve("ca.pem"), second.resolve("ca.pem"));
        joined = readme("agent --server");
        start(web1, onWeb1, joined);
        start(map1, onMap1, List.of("agent", "--tls-ca", "ca.pem"));
        listenAndConnect();
    }

    @AfterAll
    void end() throws IOException {
        try (LabHost one = web1;
                LabHost other = map1) {
            assertThat(one).isNotSameAs(other);
        }
    }

    /** A line of README.md that begins so, without its comment and what follows the arguments. */
    private static List<String> readme(String beginning) throws IOException {
        String line = Files.readAllLines(Enishi.ROOT.resolve("README.md")).stream()
                .map(String::strip)
                .filter(each -> each.startsWith("./enishi " + beginning))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("README.md has no line ./enishi " + beginning));
        String command =
                line.replaceFirst(" +#.*", "").replaceFirst("^./enishi ", "").replace("SERVER", SERVER);
        return Arrays.asList(command.split(" +", -1));
    }

    private static void certify(Path where) {
        openssl(
                where,
                "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 1 -subj /CN=lab"
                        + " -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign");
        openssl(
                where,
                "req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=map1"
                        + " -addext subjectAltName=IP:" + SERVER + ",IP:127.0.0.1");
        openssl(
                where,
                "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 1 -out server.pem"
                        + " -copy_extensions copy");
    }

    private static void openssl(Path where, String arguments) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments.split(" ", -1)));
        LabHost.run(new ProcessBuilder(command).directory(where.toFile()));
    }

    private static void start(LabHost host, Enishi enishi, List<String> arguments) throws IOException {
        ProcessBuilder command = enishi.command(arguments.toArray(String[]::new));
        // the database unpacks a library, and nobody removes it when the host ends
        command.environment().put("ENISHI_JAVA_OPTS", "-Djava.io.tmpdir=" + enishi.home());
        host.inside(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        enishi.home().resolve("parts.log").toFile()))
                .start();
    }

    private static Ended run(LabHost host, Enishi enishi, List<String> arguments) throws Exception {
        Path err = Files.createTempFile(enishi.home(), "run", ".err");
        Process process = host.inside(enishi.command(arguments.toArray(String[]::new)))
                .redirectError(err.toFile())
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out, Files.readString(err));
    }

    private static List<String> with(List<String> more, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(more);
        return all;
    }

    private String ask(String... arguments) {
        try {
            return run(map1, onMap1, with(TRUST, arguments)).out();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void listenAndConnect() throws IOException {
        python(
                map1,
                "import socket;s=socket.create_server((''," + PORT + "));held=[]\nwhile 1: held.append(s.accept())");
        python(
                web1,
                "import socket,time\nwhile 1:\n try: s=socket.create_connection(('" + SERVER + "'," + PORT
                        + "));s.recv(1)\n except OSError: time.sleep(0.2)");
    }

    private static void python(LabHost host, String program) throws IOException {
        host.inside(new ProcessBuilder("python3", "-c", program)).start();
    }

    /** What there is to tell why a dependency is not there. */
    private String told() {
        try {
            return run(web1, onWeb1, List.of("agent", "status")).out()
                    + run(map1, onMap1, List.of("agent", "status")).out()
                    + ask("listeners", "-o", "json")
                    + ask("export", "-o", "jsonl");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theSecondHostAppears() throws Exception {
        Enishi.await("web1", () -> ask("hosts").contains("web1"));
        assertThat(ask("hosts")).contains("map1").contains(CLIENT).contains(SERVER);
    }

    @Test
    void itsDependencyIsSeenFromBothEndsWithBothPrograms() throws Exception {
        String both = "\"seen_from\":\"both\"";
        Enishi.await(
                "both ends",
                () -> ask("dependencies", "web1/python3", "-o", "json").contains(both),
                this::told);
        for (String question : List.of("dependencies web1/python3", "dependents map1/python3")) {
            String answer = ask((question + " -o json").split(" ", -1));
            assertThat(answer)
                    .as(() -> told() + ask((question + " -o json").split(" ", -1)) + "\nHOSTS "
                            + ask("hosts", "-o", "json"))
                    .contains(both)
                    .contains("\"port\":" + PORT)
                    .contains("\"address\":\"" + CLIENT + "\"");
            assertThat(answer).contains("\"host\":\"web1\",\"program\":\"python3\"");
            assertThat(answer).contains("\"host\":\"map1\",\"program\":\"python3\"");
        }
    }

    /** Both share a kernel and a cgroup: what the kernel tells of one must not be taken for the other's. */
    @Test
    void neitherTellsOfTheOther() throws Exception {
        String agentOfWeb1 = "{\"site\":null,\"zone\":null,\"host\":\"web1\",\"program\":\"java\"";
        Enishi.await(
                "a report of web1, sent and seen",
                () -> ask("dependencies", "web1/java", "-o", "json").contains(agentOfWeb1),
                this::told);
        for (String each : ask("export", "-o", "jsonl").lines().toList()) {
            if (each.contains("\"address\":\"" + CLIENT + "\"")) {
                assertThat(each).contains("\"host\":\"web1\"").contains("\"host\":\"map1\"");
            } else {
                assertThat(each).doesNotContain("web1\",\"program\"");
            }
        }
    }

    @Test
    void itsTokenReadsItselfAndNobodyElse() throws Exception {
        List<String> asWeb1 = joined.subList(1, joined.size());
        Enishi.await("web1", () -> ask("hosts").contains("web1"));
        assertThat(run(web1, onWeb1, with(asWeb1, "dependencies", "self")).code())
                .isZero();
        run(web1, onWeb1, with(asWeb1, "dependencies", "map1")).isOneLine(77);
        run(web1, onWeb1, with(asWeb1, "export")).isOneLine(77);
    }

    @Test
    void itsTokenReportsItselfAndNobodyElse() throws Exception {
        HostId own =
                HostId.parse(Files.readString(onWeb1.home().resolve("host-id")).strip());
        HostId other =
                HostId.parse(Files.readString(onMap1.home().resolve("host-id")).strip());
        assertThat(post(own)).isEqualTo("204");
        assertThat(post(other)).isEqualTo("403");
    }

    /** A report about a host, posted with web1's token. */
    private String post(HostId about) throws IOException {
        long minute = System.currentTimeMillis() / 60_000;
        Report report = new Report(
                new Host(about, "web1", "boot", List.of(), Map.of()),
                1,
                1,
                minute * 60_000,
                List.of(),
                List.of(),
                List.of(new Coverage(minute, Rung.PROC, 0, 0, 0, 0, 0, 0, 0)));
        Files.write(folder.resolve("web1/report"), ReportCodec.encode(report));
        return web1.says(
                "python3",
                "-c",
                "import ssl,urllib.request as u,urllib.error\n"
                        + "r=u.Request('https://" + SERVER + ":4649/api/v1/reports',open('report','rb').read(),"
                        + "{'Authorization':'Bearer '+open('web1.token').read().strip()})\n"
                        + "try: print(u.urlopen(r,context=ssl.create_default_context(cafile='ca.pem')).status)\n"
                        + "except urllib.error.HTTPError as e: print(e.code)");
    }

    @Test
    void anAgentThatDoesNotTrustTheServerSaysSo() throws Exception {
        List<String> untrusting = joined.subList(1, 3);
        Ended ended = run(web1, onWeb1, with(untrusting, "dependencies", "self", "--token-file", "web1.token"));
        ended.isOneLine(69);
        assertThat(ended.err()).contains("PKIX");
    }
}
