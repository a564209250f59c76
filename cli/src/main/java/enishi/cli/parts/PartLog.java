package enishi.cli.parts;

import enishi.cli.ask.Failure;
import enishi.cli.output.Text;
import enishi.settings.ExitCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Where one part's own words go while another speaks on the terminal: appended, and set aside when it grows long. */
final class PartLog {
    private static final long BYTES_MAX = 4L << 20;
    private static final int TAIL_BYTES = 8 * 1024;
    private static final int SIGNALS = 128;
    private final Path file;
    private final String part;
    private final long begins;

    private PartLog(Path file, String part, long begins) {
        this.file = file;
        this.part = part;
        this.begins = begins;
    }

    static PartLog of(Path folder, String part) throws IOException {
        Path file = folder.resolve(part + ".log");
        if (Files.exists(file) && Files.size(file) > BYTES_MAX) {
            Files.move(file, folder.resolve(part + ".log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        return new PartLog(file, part, Files.exists(file) ? Files.size(file) : 0);
    }

    ProcessBuilder taking(ProcessBuilder builder) {
        return builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(file.toFile()));
    }

    Path file() {
        return file;
    }

    /** Why the part ended: by whose signal, or by its own last word, with its own exit code. */
    Failure ended(int exit) {
        if (exit > SIGNALS) {
            return new Failure(
                    ExitCode.UNAVAILABLE,
                    "the " + part + " was ended by signal " + (exit - SIGNALS)
                            + "; start again, nothing stored is lost");
        }
        ExitCode code = ExitCode.UNAVAILABLE;
        for (ExitCode each : ExitCode.values()) {
            code = each.code() == exit && each != ExitCode.OK ? each : code;
        }
        return new Failure(code, lastWord().replaceFirst("^enishi " + part + ": ", part + ": "));
    }

    private String lastWord() {
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(begins, log.length() - TAIL_BYTES);
            byte[] tail = new byte[(int) Math.max(0, log.length() - from)];
            log.seek(from);
            log.readFully(tail);
            List<String> lines = new String(tail, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            return lines.isEmpty()
                    ? "the " + part + " ended without a word; " + file + " may say more"
                    : Text.safe(lines.getLast());
        } catch (IOException e) {
            return "the " + part + " ended, and " + file + " cannot be read: " + e.getMessage();
        }
    }
}
