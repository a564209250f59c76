package enishi.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What the JVM of a command learned from one run of everything, as {@code ./enishi} has it made (an AOT cache, JEP 483):
 * hundreds of commands start in a fraction of the time. It fits one JDK and the very jars it was made with.
 */
final class Trained {
    private static final long PATIENCE_SECONDS = 120;
    private static final Path FOLDER = Enishi.ROOT.resolve("lab/target/trained");
    private static final Path CACHE = FOLDER.resolve("cli.aot");

    private Trained() {}

    /** Where it is, once it is made. */
    private static final class Once {
        static final Path CACHE_MADE = made();

        private static Path made() {
            try {
                if (!isFresh()) {
                    train();
                }
                return CACHE;
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException("cannot make the AOT cache of the commands", e);
            }
        }
    }

    /** Makes it the first time. */
    static Path cache() {
        return Once.CACHE_MADE;
    }

    private static boolean isFresh() throws IOException {
        if (!Files.exists(CACHE)) {
            return false;
        }
        FileTime made = Files.getLastModifiedTime(CACHE);
        for (String part : List.of("cli", "server")) {
            try (Stream<Path> jars = Files.list(Enishi.DIST.resolve(part))) {
                for (Path jar : jars.toList()) {
                    if (Files.getLastModifiedTime(jar).compareTo(made) > 0) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private static void train() throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        Files.deleteIfExists(CACHE);
        Path log = FOLDER.resolve("training.log");
        List<String> command = new ArrayList<>(Enishi.java());
        command.add("-XX:AOTCacheOutput=" + CACHE);
        command.addAll(Enishi.program(Enishi.DIST, "enishi.cli.Training"));
        command.add(FOLDER.toString());
        Process training = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!training.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || !Files.exists(CACHE)) {
                throw new IllegalStateException("no AOT cache was made: " + Files.readString(log));
            }
        } finally {
            training.descendants().forEach(ProcessHandle::destroy);
            training.destroy();
        }
    }
}
