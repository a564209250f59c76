package enishi.agent.spool;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reports on disk until the server has acknowledged them, oldest first. An append is durable when it returns. The
 * cursor moves after the acknowledgement; a segment goes after the cursor is durable. When there is no room, the oldest
 * segments are first folded, each once, then dropped as a whole, and {@link Contents} is told what went.
 *
 * <p>Damage never stops it: whole records are read, the rest is stepped over, kept aside and counted. After a failed
 * append it goes on in a new segment. One thread appends, one sends; every method may be called by any.
 */
public final class Spool implements Closeable {
    private static final System.Logger LOG = System.getLogger(Spool.class.getName());
    private final SpoolLimits limits;
    private final Contents contents;
    private final SegmentWriter writer;
    private final Quarantine quarantine;
    private final Segments segments;
    private final Cursor cursor;
    private final long found;
    /** Everything up to here needs no sending; the cursor on disk may lag behind when the disk refuses it. */
    private long position;

    private long nextSequence;
    private @Nullable SegmentReader reader;
    private long readerFirst;
    private @Nullable SpoolRecord head;
    private boolean unattended;
    private boolean cursorRefused;
    private long appended;
    private long acknowledged;
    private long dropped;
    private long folded;
    private long failedAppends;

    private Spool(Path folder, SpoolLimits limits, Contents contents, Disk disk) throws IOException {
        this.limits = limits;
        this.contents = contents;
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        quarantine = new Quarantine(folder, limits.quarantineBytesMax());
        segments = new Segments(limits, quarantine);
        writer = new SegmentWriter(folder, disk, segments, limits.segmentBytesMax());
        cursor = Cursor.open(folder.resolve("cursor"));
        position = cursor.sequence();
        nextSequence = segments.load(folder, position) + 1;
        found = segments.waiting();
        retire();
    }

    /** Opens a spool, making its folder if there is none. @throws IOException if the folder cannot be had or listed */
    public static Spool open(Path folder, SpoolLimits limits, Contents contents) throws IOException {
        return open(folder, limits, contents, Disk.real());
    }

    static Spool open(Path folder, SpoolLimits limits, Contents contents, Disk disk) throws IOException {
        return new Spool(folder, limits, contents, disk);
    }

    /** The longest report it takes. */
    public int recordBytesMax() {
        return limits.recordBytesMax();
    }

    /**
     * Keeps a report; durable on return. A disk that refuses is tried once more with a new segment.
     *
     * @throws IOException if it was not kept; the spool goes on
     */
    public synchronized void append(byte[] report) throws IOException {
        if (report.length > limits.recordBytesMax()) {
            failedAppends++;
            throw new IOException("a report of " + report.length + " bytes does not fit a segment");
        }
        SpoolRecord record = new SpoolRecord(nextSequence, report);
        nextSequence++;
        makeRoom(SpoolRecord.HEADER_BYTES + report.length);
        try {
            writer.append(record);
        } catch (IOException e) {
            failedAppends++;
            throw e;
        }
        appended++;
        notifyAll();
    }

    /** The oldest report still to be sent: the same one until it is acknowledged, set aside or dropped. */
    public synchronized Optional<SpoolRecord> peek() {
        while (head == null) {
            Optional<Segment> segment =
                    segments.all().stream().filter(each -> each.waiting() > 0).findFirst();
            if (segment.isEmpty()) {
                return Optional.empty();
            }
            head = read(segment.get());
        }
        return Optional.of(head);
    }

    /** Waits until there is something to send, at most so long; empty if there is not, or nobody waits any more. */
    public synchronized Optional<SpoolRecord> await(long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!unattended && peek().isEmpty()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return Optional.empty();
            }
            wait(left);
        }
        return peek();
    }

    /** From now on {@link #await} returns at once. */
    public synchronized void stopWaiting() {
        unattended = true;
        notifyAll();
    }

    /** The server has it. A report that was dropped meanwhile stays counted as dropped. */
    public synchronized void acknowledge(SpoolRecord record) {
        if (isHead(record)) {
            acknowledged++;
            advance(record.sequence());
        }
    }

    /** The server will never take it: kept aside for a person to look at. */
    public synchronized void refuse(SpoolRecord record) {
        if (isHead(record)) {
            quarantine.keep("%016x.refused".formatted(record.sequence()), record.bytes());
            contents.dropped(record.bytes());
            dropped++;
            advance(record.sequence());
        }
    }

    public synchronized SpoolCounters counters() {
        return new SpoolCounters(
                found,
                appended,
                acknowledged,
                dropped,
                folded,
                segments.waiting(),
                failedAppends,
                segments.damages(),
                segments.bytes());
    }

    /** Wakes whoever waits and closes the files. What waits stays. */
    @Override
    public synchronized void close() {
        stopWaiting();
        closeReader();
        writer.close();
        retire();
    }

    private boolean isHead(SpoolRecord record) {
        return head != null && head.sequence() == record.sequence();
    }

    private void advance(long sequence) {
        head = null;
        segments.done(sequence);
        position = sequence;
        retire();
    }

    /**
     * Makes the cursor durable, then deletes the segments it has passed. Where a full disk refuses the cursor they go
     * all the same: what they hold is acknowledged, and their room is what the cursor needs.
     */
    private void retire() {
        if (cursor.sequence() < position && !moveCursor()) {
            deletePassed();
            moveCursor();
        }
        deletePassed();
    }

    private boolean moveCursor() {
        try {
            cursor.move(position);
            cursorRefused = false;
        } catch (IOException e) {
            if (!cursorRefused) {
                LOG.log(Level.WARNING, "spool: what was sent cannot be noted and may be sent again: {0}", e.toString());
            }
            cursorRefused = true;
        }
        return !cursorRefused;
    }

    private void deletePassed() {
        for (Segment each : List.copyOf(segments.all())) {
            if (each.waiting() == 0 && !writer.isWriting(each)) {
                forgetReader(each);
                try {
                    segments.delete(each);
                } catch (IOException e) {
                    LOG.log(Level.WARNING, "spool: {0} is sent but cannot be deleted: {1}", each.path(), e.toString());
                }
            }
        }
    }

    private void makeRoom(int wanted) {
        while (segments.bytes() + wanted > limits.reportBytesMax()) {
            Optional<Segment> unfolded = segments.oldestUnfolded().filter(each -> !writer.isWriting(each));
            if (unfolded.isPresent()) {
                fold(unfolded.get());
            } else {
                segments.oldest().ifPresent(this::drop);
            }
        }
    }

    private void fold(Segment segment) {
        forgetReader(segment);
        try {
            folded += segments.fold(segment, position, contents.folding());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "spool: {0} could not be folded: {1}", segment.path(), e.toString());
        }
    }

    private void drop(Segment segment) {
        if (writer.isWriting(segment)) {
            writer.close();
        }
        forgetReader(segment);
        try {
            segments.read(segment, position, record -> contents.dropped(record.bytes()));
            segments.delete(segment);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "spool: {0} could not be dropped: {1}", segment.path(), e.toString());
            segments.setAside(segment);
        }
        dropped += segment.waiting();
        position = Math.max(position, segment.lastSequence());
    }

    /** The next record to send of this segment, or null after putting away one that holds less than it did. */
    private @Nullable SpoolRecord read(Segment segment) {
        try {
            if (reader == null || readerFirst != segment.firstSequence()) {
                closeReader();
                reader = segments.open(segment);
                readerFirst = segment.firstSequence();
            }
            Optional<SpoolRecord> record = reader.next();
            while (record.isPresent() && record.get().sequence() <= position) {
                record = reader.next();
            }
            if (record.isPresent()) {
                return record.get();
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.log(Level.WARNING, "spool: {0} cannot be read: {1}", segment.path(), e.toString());
        }
        if (writer.isWriting(segment)) {
            writer.close();
        }
        forgetReader(segment);
        dropped += segment.waiting();
        segments.setAside(segment);
        return null;
    }

    private void forgetReader(Segment segment) {
        if (readerFirst == segment.firstSequence()) {
            closeReader();
            head = null;
        }
    }

    private void closeReader() {
        try {
            if (reader != null) {
                reader.close();
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "spool: closing a reader failed: {0}", e.toString());
        }
        reader = null;
    }
}
