package enishi.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;

/** A wall clock for one process that can be set, by a library that stands before the C library's: never the real one. */
final class InjectedClock {
    private static final Path SOURCE = Part.ROOT.resolve("lab/src/test/programs/clock.c");
    private final Path library;
    private final Path offset;

    InjectedClock(Path folder) throws IOException {
        library = folder.resolve("clock.so");
        offset = folder.resolve("clock.offset");
        set(Duration.ZERO);
        Process clang = new ProcessBuilder(
                        "clang", "-O2", "-shared", "-fPIC", "-o", library.toString(), SOURCE.toString(), "-ldl")
                .redirectErrorStream(true)
                .start();
        String said = new String(clang.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (clang.onExit().join().exitValue() != 0) {
            throw new IOException("clock.c was not compiled: " + said);
        }
    }

    /** So far from the real one is what it shows from now on. */
    void set(Duration off) throws IOException {
        try (FileChannel file = FileChannel.open(offset, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer seconds = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
            file.write(seconds.putLong(off.toSeconds()).flip(), 0);
        }
    }

    /** What a process is started with that shall go by it. */
    Map<String, String> environment() {
        return Map.of("LD_PRELOAD", library.toString(), "ENISHI_LAB_CLOCK", offset.toString());
    }
}
