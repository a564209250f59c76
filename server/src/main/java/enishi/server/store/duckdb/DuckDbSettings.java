package enishi.server.store.duckdb;

import enishi.server.store.StoreFullException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What a DuckDB store needs to know. The engine would else take four fifths of the memory and spill where it likes.
 *
 * @param file the database; its log lies beside it as {@code file.wal}, its spill folder as {@code file.spill}
 * @param memoryMebibytes what the engine may hold
 * @param threads how many cores one question may use
 * @param walBytesMax the log is folded into the file once it is larger
 * @param freeBytesMin the reserve of free disk below which nothing more is kept
 * @param freeBytes tells the free disk now
 * @param questionMax a question that lasts longer is cancelled
 * @param questionsAtOnce how many questions run at the same time; more of them wait
 * @param recentBytesMax how much of our own memory the last minutes may take beside the engine's; 0 for none
 * @param flowsMax a question that concerns more flows is refused
 */
public record DuckDbSettings(
        Path file,
        int memoryMebibytes,
        int threads,
        long walBytesMax,
        long freeBytesMin,
        LongSupplier freeBytes,
        Duration questionMax,
        int questionsAtOnce,
        long recentBytesMax,
        long flowsMax) {

    private static final int RECENT_SHARE = 3;

    /** Of the heap for each flow of a question, from when it is read until its answer has left. */
    private static final int FLOW_BYTES = 2_048;

    /**
     * One GiB of memory, two threads, a log of at most 64 MiB, a reserve of 512 MiB, 30 s a question, four at once, a
     * third of the heap for the last minutes, and as many flows in a question as the rest of it holds.
     */
    public static DuckDbSettings of(Path file) {
        Path absolute = file.toAbsolutePath();
        return new DuckDbSettings(
                absolute,
                1024,
                2,
                64L << 20,
                512L << 20,
                () -> free(absolute),
                Duration.ofSeconds(30),
                4,
                Runtime.getRuntime().maxMemory() / RECENT_SHARE,
                Runtime.getRuntime().maxMemory() / FLOW_BYTES);
    }

    /** These settings with another bound of memory. */
    public DuckDbSettings withMemory(int mebibytes) {
        return with(mebibytes, freeBytesMin, recentBytesMax, flowsMax);
    }

    /** These settings with another reserve of free disk. */
    public DuckDbSettings withReserve(int mebibytes) {
        return with(memoryMebibytes, (long) mebibytes << 20, recentBytesMax, flowsMax);
    }

    /** These settings with another share of our own memory for the last minutes. */
    public DuckDbSettings withRecent(long bytesMax) {
        return with(memoryMebibytes, freeBytesMin, bytesMax, flowsMax);
    }

    /** These settings with another bound of the flows that a question may concern. */
    public DuckDbSettings withFlows(long most) {
        return with(memoryMebibytes, freeBytesMin, recentBytesMax, most);
    }

    private DuckDbSettings with(int memory, long reserve, long recent, long flows) {
        return new DuckDbSettings(
                file, memory, threads, walBytesMax, reserve, freeBytes, questionMax, questionsAtOnce, recent, flows);
    }

    /** The log of what is not yet in the file; there is none after a clean end. */
    public Path wal() {
        return file.resolveSibling(file.getFileName() + ".wal");
    }

    Path spill() {
        return file.resolveSibling(file.getFileName() + ".spill");
    }

    private static long free(Path file) {
        try {
            return Files.getFileStore(file).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tell the free disk at " + file, e);
        }
    }

    /** @throws StoreFullException if less disk is free than the reserve */
    void requireRoom() {
        long free = freeBytes.getAsLong();
        if (free < freeBytesMin) {
            throw new StoreFullException("nothing kept: " + free + " bytes are free beside " + file
                    + ", fewer than the reserve of " + freeBytesMin + "; make room");
        }
    }
}
