package enishi.agent.spool;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * One report in the spool. As bytes, big-endian:
 *
 * <table>
 * <caption>layout</caption>
 * <tr><th>offset</th><th>bytes</th><th>holds</th></tr>
 * <tr><td>0</td><td>4</td><td>mark, by which a reader finds the next record behind damage</td></tr>
 * <tr><td>4</td><td>4</td><td>length of the report</td></tr>
 * <tr><td>8</td><td>4</td><td>CRC-32C (RFC 3720) of length, sequence and report</td></tr>
 * <tr><td>12</td><td>8</td><td>sequence</td></tr>
 * <tr><td>20</td><td>length</td><td>the report</td></tr>
 * </table>
 *
 * <p>A segment is nothing but records, and no other file knows where they begin: nothing can disagree.
 *
 * @param sequence its place, growing over the life of the spool; not the report's own sequence number
 * @param bytes what was appended
 */
@SuppressWarnings("ArrayRecordComponent") // handed from stage to stage, never compared
public record SpoolRecord(long sequence, byte[] bytes) {
    static final int HEADER_BYTES = 20;
    static final int MARK = 0xe9_45_4e_01;

    static ByteBuffer write(SpoolRecord record) {
        byte[] bytes = record.bytes;
        return ByteBuffer.allocate(HEADER_BYTES + bytes.length)
                .putInt(MARK)
                .putInt(bytes.length)
                .putInt(checksum(record.sequence(), bytes))
                .putLong(record.sequence())
                .put(bytes)
                .flip();
    }

    /** Several records, one after the other. */
    static byte[] write(List<SpoolRecord> records) {
        int bytes = records.stream()
                .mapToInt(each -> HEADER_BYTES + each.bytes().length)
                .sum();
        ByteBuffer all = ByteBuffer.allocate(bytes);
        records.forEach(each -> all.put(write(each)));
        return all.array();
    }

    static int checksum(long sequence, byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(
                ByteBuffer.allocate(12).putInt(bytes.length).putLong(sequence).flip());
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
