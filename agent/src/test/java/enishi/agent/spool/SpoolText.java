package enishi.agent.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reports of plain text, and folders looked into. */
final class SpoolText {
    private SpoolText() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String of(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Acknowledges and gives everything that waits. */
    static List<String> drain(Spool spool) {
        List<String> all = new ArrayList<>();
        Optional<SpoolRecord> next = spool.peek();
        while (next.isPresent()) {
            all.add(of(next.get().bytes()));
            spool.acknowledge(next.get());
            next = spool.peek();
        }
        return all;
    }

    static long bytesIn(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(each -> each.toFile().length()).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Path> segmentsIn(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(each -> each.toString().endsWith(".segment"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
