package enishi.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A server whose system calls are traced takes reports, one after the other. Each is acknowledged only after the
 * database's log was flushed to disk, with this report in it: nothing else is being written meanwhile.
 */
final class FsyncOrder {
    private static final String LOG = "enishi.duckdb.wal";

    private FsyncOrder() {}

    /**
     * What was traced.
     *
     * @param acknowledged reports answered with 204
     * @param durable those with a flush of the log between receipt and answer
     * @param withoutLog how many would count as durable by a file that nobody flushes; 0, or the reading is wrong
     */
    record Outcome(int acknowledged, int durable, int withoutLog) {
        boolean isGood() {
            return acknowledged > 0 && durable == acknowledged && withoutLog == 0;
        }
    }

    static Outcome run(Path home, int reports) throws Exception {
        Path file = home.resolve("trace");
        List<String> strace = List.of(
                "strace",
                "-D",
                "-f",
                "-y",
                "-q",
                "--seccomp-bpf",
                "-s",
                "16",
                "-e",
                "trace=fsync,fdatasync,read,recvfrom,write,sendto",
                "-o",
                file.toString());
        long pid;
        try (Requests requests = new Requests(home);
                Part server = Part.serverUnder(strace, home)) {
            server.await("an answer", requests::isAnswering);
            Poster poster = new Poster(1, requests, 1);
            poster.beginMinute(System.currentTimeMillis() / 60_000 - 1);
            poster.postInTurn(reports);
            pid = server.pid();
        }
        Part.until("the trace to be whole", () -> isWhole(file, pid));
        Trace trace = Trace.read(file);
        List<Trace.Call> answers = trace.acknowledgements();
        return new Outcome(
                answers.size(),
                (int) answers.stream()
                        .filter(each -> trace.isDurable(each, LOG))
                        .count(),
                (int) answers.stream()
                        .filter(each -> trace.isDurable(each, "secret"))
                        .count());
    }

    private static boolean isWhole(Path file, long pid) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
                    .anyMatch(line -> line.matches(pid + " +\\+\\+\\+ exited .*"));
        } catch (IOException e) {
            throw new UncheckedIOException("reading the trace failed", e);
        }
    }
}
