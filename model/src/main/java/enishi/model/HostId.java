package enishi.model;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * The 128-bit identity of a host, made at the agent's first start and kept in its state folder: never a hostname or a
 * hardware id, which clones share. Written as 32 lower-case hexadecimal digits.
 */
public record HostId(long high, long low) implements Comparable<HostId> {
    public static final int BYTES = 16;

    public static HostId random(RandomGenerator random) {
        return new HostId(random.nextLong(), random.nextLong());
    }

    /** Parses 32 hexadecimal digits. @throws IllegalArgumentException on anything else */
    public static HostId parse(String text) {
        if (text.length() != 2 * BYTES) {
            throw new IllegalArgumentException("a host id has 32 hexadecimal digits, not '" + text + "'");
        }
        return of(HexFormat.of().parseHex(text.toLowerCase(Locale.ROOT)));
    }

    /** Reads 16 bytes, most significant first. @throws IllegalArgumentException on another length */
    public static HostId of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a host id has 16 bytes, not " + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new HostId(buffer.getLong(), buffer.getLong());
    }

    public byte[] bytes() {
        return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    }

    @Override
    public int compareTo(HostId other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes());
    }
}
