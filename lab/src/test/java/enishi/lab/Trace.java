package enishi.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code strace -f -y} wrote of one process: its system calls on files and sockets, each with begin and end. */
final class Trace {
    private static final Pattern WHOLE = Pattern.compile("(\\d+) +(\\w+)\\(\\d+<(.*?)>(.*)\\) += (-?\\d+).*");
    private static final Pattern BEGUN = Pattern.compile("(\\d+) +(\\w+)\\(\\d+<(.*?)>(.*) <unfinished \\.\\.\\.>");
    private static final Pattern RESUMED = Pattern.compile("(\\d+) +<\\.\\.\\. (\\w+) resumed>(.*)\\) += (-?\\d+).*");
    private final List<Call> calls = new ArrayList<>();
    private final Map<String, Call> begun = new HashMap<>();

    /**
     * One call.
     *
     * @param begin line at which it entered the kernel
     * @param end line at which it came back
     * @param on file or socket
     * @param data the beginning of what was read or written, as strace prints it
     */
    record Call(int begin, int end, String name, String on, String data, long result) {}

    private Trace(List<String> lines) {
        for (int line = 0; line < lines.size(); line++) {
            take(line, lines.get(line));
        }
    }

    static Trace read(Path file) throws IOException {
        return new Trace(Files.readAllLines(file, StandardCharsets.ISO_8859_1));
    }

    private void take(int line, String text) {
        Matcher whole = WHOLE.matcher(text);
        Matcher begin = BEGUN.matcher(text);
        Matcher end = RESUMED.matcher(text);
        if (begin.matches()) {
            begun.put(begin.group(1), new Call(line, line, begin.group(2), begin.group(3), begin.group(4), 0));
        } else if (end.matches()) {
            Call call = begun.remove(end.group(1));
            if (call != null) {
                String data = call.data() + end.group(3);
                calls.add(new Call(call.begin(), line, call.name(), call.on(), data, Long.parseLong(end.group(4))));
            }
        } else if (whole.matches()) {
            calls.add(new Call(
                    line, line, whole.group(2), whole.group(3), whole.group(4), Long.parseLong(whole.group(5))));
        }
    }

    /** Answers to reports that were taken. */
    List<Call> acknowledgements() {
        return calls.stream()
                .filter(each -> each.on().startsWith("socket:") && each.data().startsWith(", \"HTTP/1.1 204"))
                .toList();
    }

    /** The last bytes of what this answers to. */
    private Optional<Call> receipt(Call answer) {
        return calls.stream()
                .filter(each -> each.on().equals(answer.on()) && each.end() < answer.begin() && each.result() > 0)
                .filter(each -> each.name().equals("read") || each.name().equals("recvfrom"))
                .reduce((one, later) -> later);
    }

    /** Whether a file was flushed to disk, from begin to end, between the receipt of a request and its answer. */
    boolean isDurable(Call answer, String file) {
        Optional<Call> receipt = receipt(answer);
        return receipt.isPresent()
                && calls.stream()
                        .filter(each ->
                                each.name().equals("fsync") || each.name().equals("fdatasync"))
                        .filter(each -> each.on().endsWith("/" + file) && each.result() == 0)
                        .anyMatch(each -> each.begin() > receipt.get().end() && each.end() < answer.begin());
    }
}
