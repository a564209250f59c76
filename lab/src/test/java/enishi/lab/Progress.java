package enishi.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far the kills of a server have come, on disk after each round, so that a run that was cut goes on and judges what
 * earlier runs sent as well. A text of lines: {@code seed}, which also tells the first minute and that of the last
 * begin, then for each round what was {@code sent} or acknowledged in it, and at its end {@code round}. What follows the
 * last of these is of a round that was cut, and is cut off.
 */
final class Progress {
    private static final long MINUTES_BACK = 2_000;
    private final Path file;
    private final Map<List<String>, Poster.Sent> sent = new LinkedHashMap<>();
    private final List<Long> startMillis = new ArrayList<>();
    private final List<Long> minutes = new ArrayList<>();
    private final long begun;
    private Round last;

    /**
     * Where a round ended.
     *
     * @param minute of which its reports were; no later round has the same
     * @param killed how often the server was, over all rounds
     * @param afterEachStart what was found so far after each start
     */
    record Round(long minute, int killed, PosterTruth.Verdict afterEachStart) {}

    private Progress(Path file, Round first, long begun) {
        this.file = file;
        this.begun = begun;
        last = first;
    }

    /** A minute that no round had, nor has any after it: this run's begin with the next. */
    long begun() {
        return Math.max(begun, last.minute()) + 1;
    }

    /** The seed of a run that began before. */
    static Optional<Long> seed(Path file) throws IOException {
        return Files.exists(file)
                ? Optional.of(Long.parseLong(Files.readAllLines(file).getFirst().split(" ", -1)[1]))
                : Optional.empty();
    }

    /** Begins in a file that is not there, or goes on after the last whole round. */
    static Progress of(Path file, long seed, long nowMinute) throws IOException {
        if (Files.notExists(file)) {
            Files.writeString(file, "seed " + seed + " " + (nowMinute - MINUTES_BACK) + "\n");
        }
        List<String> lines = Files.readAllLines(file);
        String[] first = lines.getFirst().split(" ", -1);
        if (Long.parseLong(first[1]) != seed) {
            throw new IllegalArgumentException(file + " is of a run with seed " + first[1] + ", not " + seed);
        }
        int end = lines.size();
        while (end > 1 && !lines.get(end - 1).matches("round( \\d+){7} \\.")) {
            end--;
        }
        Round begin = new Round(Long.parseLong(first[2]), 0, new PosterTruth.Verdict(0, 0, 0, 0));
        Progress progress = new Progress(file, begin, Long.parseLong(first[first.length - 1]));
        lines.subList(1, end).forEach(progress::take);
        List<String> kept = new ArrayList<>(lines.subList(0, end));
        kept.set(0, String.join(" ", first[0], first[1], first[2], Long.toString(progress.begun())));
        Path whole = Files.write(file.resolveSibling(file.getFileName() + ".new"), kept);
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        return progress;
    }

    private void take(String line) {
        String[] words = line.split(" ", -1);
        long[] numbers = new long[words.length];
        for (int each = words[0].equals("sent") ? 2 : 1; each < words.length - 1; each++) {
            numbers[each] = Long.parseLong(words[each]);
        }
        if (words[0].equals("sent")) {
            Poster.Sent one = new Poster.Sent(new byte[0], numbers[2], (int) numbers[3], numbers[4], numbers[5]);
            one.acknowledged = words[6].equals("acknowledged");
            sent.put(List.of(words[1], words[2], words[3]), one);
        } else {
            PosterTruth.Verdict found = new PosterTruth.Verdict(numbers[3], numbers[4], numbers[5], numbers[6]);
            last = new Round(numbers[1], (int) numbers[2], found);
            minutes.add(last.minute());
            startMillis.add(numbers[7]);
        }
    }

    /** Of the rounds before this run. */
    List<Long> minutes() {
        return List.copyOf(minutes);
    }

    /** The last that came to its end, or what stands before the first. */
    Round last() {
        return last;
    }

    /** From each start to the first answer, of the rounds before this run. */
    List<Long> startMillis() {
        return List.copyOf(startMillis);
    }

    /** What a poster sent in earlier runs. */
    List<Poster.Sent> sentBy(String name) {
        return sent.entrySet().stream()
                .filter(each -> each.getKey().getFirst().equals(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** Ends a round: it is on disk on return. */
    void end(Round round, long started, List<Poster> posters) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Poster poster : posters) {
            for (Poster.Sent each : poster.news()) {
                text.append(String.join(
                                " ",
                                "sent",
                                poster.name(),
                                Long.toString(each.minute),
                                Integer.toString(each.port),
                                Long.toString(each.own),
                                Long.toString(each.growing),
                                each.acknowledged ? "acknowledged" : "unanswered"))
                        .append('\n');
            }
        }
        PosterTruth.Verdict found = round.afterEachStart();
        text.append("round %d %d %d %d %d %d %d .\n"
                .formatted(
                        round.minute(),
                        round.killed(),
                        found.reports(),
                        found.lost(),
                        found.doubled(),
                        found.torn(),
                        started));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
            channel.write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
            channel.force(true);
        }
    }
}
