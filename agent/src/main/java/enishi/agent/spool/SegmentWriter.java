package enishi.agent.spool;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The segment that grows. Begun when the first record comes, never taken up again by a later run. */
final class SegmentWriter implements Closeable {
    private static final System.Logger LOG = System.getLogger(SegmentWriter.class.getName());
    private final Path folder;
    private final Disk disk;
    private final Segments segments;
    private final int segmentBytesMax;
    private @Nullable Growing growing;

    SegmentWriter(Path folder, Disk disk, Segments segments, int segmentBytesMax) {
        this.folder = folder;
        this.disk = disk;
        this.segments = segments;
        this.segmentBytesMax = segmentBytesMax;
    }

    /** Writes a record, durable on return. A disk that refuses is tried once more with a new segment. */
    void append(SpoolRecord record) throws IOException {
        ByteBuffer bytes = SpoolRecord.write(record);
        try {
            write(record.sequence(), bytes.duplicate());
        } catch (IOException first) {
            abandon();
            try {
                write(record.sequence(), bytes);
            } catch (IOException second) {
                abandon();
                second.addSuppressed(first);
                throw second;
            }
        }
    }

    boolean isWriting(Segment segment) {
        return growing != null && growing.first == segment.firstSequence();
    }

    /** Ends the segment: the next record begins a new one. */
    @Override
    public void close() {
        if (growing != null) {
            try {
                growing.output.close();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "spool: closing a segment failed, all in it is on disk: {0}", e.toString());
            }
            growing = null;
        }
    }

    private void write(long sequence, ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        Growing into = growing;
        if (into != null && segments.get(into.first).bytes() + length > segmentBytesMax) {
            close();
            into = null;
        }
        if (into == null) {
            Segment fresh = Segment.empty(folder, sequence);
            into = new Growing(sequence, disk.create(fresh.path()));
            growing = into;
            segments.put(fresh);
        }
        into.output.append(bytes);
        segments.put(segments.get(into.first).plus(sequence, length));
    }

    /** After a failed append: what is whole stays, a file without anything whole goes. */
    private void abandon() {
        Growing failed = growing;
        if (failed == null) {
            return;
        }
        Segment segment = segments.get(failed.first);
        try {
            failed.output.truncate(segment.bytes());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "spool: a torn record stays at the end of {0}", segment.path());
        }
        close();
        try {
            if (segment.bytes() == 0) {
                segments.delete(segment);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "spool: an empty segment stays until the next start: {0}", e.toString());
        }
    }

    private record Growing(long first, Disk.Output output) {}
}
