package enishi.agent.spool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the records of one segment in order and steps over whatever is damaged: after a byte that begins no whole
 * record it looks for the next mark that does. Sequences only grow, so bytes inside a report that look like a record
 * are rarely taken for one, and never by anything but damage.
 */
final class SegmentReader implements Closeable {
    private static final int SCAN_BYTES = 64 * 1024;
    private final FileChannel file;
    private final int recordBytesMax;
    private long position;
    private long lastSequence;
    private final List<Stretch> damages = new ArrayList<>();

    SegmentReader(Path path, int recordBytesMax) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.READ);
        this.recordBytesMax = recordBytesMax;
    }

    /** The next whole record, or empty at the end of what is in the file now. */
    Optional<SpoolRecord> next() throws IOException {
        long end = file.size();
        Optional<SpoolRecord> record = at(position, end);
        long start = position;
        if (record.isEmpty() && start < end) {
            record = resynchronise(end);
            damages.add(new Stretch(start, position));
        }
        record.ifPresent(found -> {
            position += SpoolRecord.HEADER_BYTES + found.bytes().length;
            lastSequence = found.sequence();
        });
        return record;
    }

    /** Stretches of damage stepped over so far. */
    int damages() {
        return damages.size();
    }

    /** The bytes stepped over, one stretch after the other, cut at a limit. */
    byte[] damagedBytes(int bytesMax) throws IOException {
        long all = damages.stream().mapToLong(each -> each.to - each.from).sum();
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(all, bytesMax));
        for (Stretch each : damages) {
            long length = Math.min(each.to - each.from, bytes.remaining());
            ByteBuffer part = bytes.slice(bytes.position(), (int) length);
            fill(part, each.from);
            bytes.position(bytes.position() + (int) length);
        }
        return bytes.array();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Moves to the next whole record, or to the end. */
    private Optional<SpoolRecord> resynchronise(long end) throws IOException {
        ByteBuffer window = ByteBuffer.allocate(SCAN_BYTES);
        long from = position + 1;
        while (from + SpoolRecord.HEADER_BYTES <= end) {
            int read = fill(window, from);
            for (int i = 0; i + Integer.BYTES <= read; i++) {
                if (window.getInt(i) == SpoolRecord.MARK) {
                    Optional<SpoolRecord> record = at(from + i, end);
                    if (record.isPresent()) {
                        position = from + i;
                        return record;
                    }
                }
            }
            from += Math.max(1, read - Integer.BYTES + 1);
        }
        position = end;
        return Optional.empty();
    }

    private Optional<SpoolRecord> at(long place, long end) throws IOException {
        if (end - place < SpoolRecord.HEADER_BYTES) {
            return Optional.empty();
        }
        ByteBuffer header = ByteBuffer.allocate(SpoolRecord.HEADER_BYTES);
        fill(header, place);
        int mark = header.getInt(0);
        int length = header.getInt(4);
        long sequence = header.getLong(12);
        boolean plausible = mark == SpoolRecord.MARK
                && length >= 0
                && length <= Math.min(recordBytesMax, end - place - SpoolRecord.HEADER_BYTES)
                && sequence > lastSequence;
        if (!plausible) {
            return Optional.empty();
        }
        ByteBuffer body = ByteBuffer.allocate(length);
        fill(body, place + SpoolRecord.HEADER_BYTES);
        return SpoolRecord.checksum(sequence, body.array()) == header.getInt(8)
                ? Optional.of(new SpoolRecord(sequence, body.array()))
                : Optional.empty();
    }

    /** Reads until the buffer is full or the file ends; the rest of the buffer is zero. */
    private int fill(ByteBuffer buffer, long from) throws IOException {
        buffer.clear();
        int read = 0;
        while (buffer.hasRemaining() && read >= 0) {
            read = file.read(buffer, from + buffer.position());
        }
        return buffer.position();
    }

    /** Bytes that belong to no whole record. */
    private record Stretch(long from, long to) {}
}
