package enishi.model;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * An IP address as 128 bits, network order. IPv4 is kept in its IPv4-mapped form ({@code ::ffff:a.b.c.d}, RFC 4291
 * section 2.5.5.2), so that a v4 peer of a v6 socket and the same peer of a v4 socket are equal. Written as RFC 5952.
 */
public record Address(long high, long low) implements Comparable<Address> {
    public static final Address ANY_V4 = ofV4(0);
    public static final Address ANY_V6 = new Address(0, 0);
    private static final long MAPPED = 0x0000_ffff_0000_0000L;
    private static final Pattern LITERAL = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /** An IPv4 address from its 32 bits. */
    public static Address ofV4(int bits) {
        return new Address(0, MAPPED | Integer.toUnsignedLong(bits));
    }

    /** Reads 4 or 16 bytes, network order. @throws IllegalArgumentException on another length */
    public static Address of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return switch (bytes.length) {
            case 4 -> ofV4(buffer.getInt());
            case 16 -> new Address(buffer.getLong(), buffer.getLong());
            default -> throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + bytes.length);
        };
    }

    /** Parses a literal, never a name: nothing is looked up. @throws IllegalArgumentException if it is no literal */
    public static Address parse(String text) {
        if (!LITERAL.matcher(text).matches()) {
            throw new IllegalArgumentException("not an IP address: '" + text + "'");
        }
        try {
            return of(InetAddress.getByName(text).getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an IP address: '" + text + "'", e);
        }
    }

    /** 4 bytes for IPv4, 16 for IPv6. */
    public byte[] bytes() {
        byte[] all = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
        return isV4() ? Arrays.copyOfRange(all, 12, 16) : all;
    }

    public boolean isV4() {
        return high == 0 && (low & 0xffff_ffff_0000_0000L) == MAPPED;
    }

    /** Whether this is the unspecified address of its family, to which a listener binds to take every address. */
    public boolean isWildcard() {
        return equals(ANY_V4) || equals(ANY_V6);
    }

    /** 127.0.0.0/8 or ::1. */
    public boolean isLoopback() {
        return isV4() ? octet(24) == 127 : high == 0 && low == 1;
    }

    /** 169.254.0.0/16 (RFC 3927) or fe80::/10 (RFC 4291): means something on one link only. */
    public boolean isLinkLocal() {
        return isV4() ? octet(24) == 169 && octet(16) == 254 : high >>> 54 == 0xfe80 >>> 6;
    }

    /**
     * Whether the address is one everywhere: none of the ranges that each network uses as it likes (RFC 1918, RFC 6598,
     * RFC 4193) or that are reserved (IANA's registries of special-purpose addresses, RFC 6890).
     */
    public boolean isGlobal() {
        return isV4() ? isGlobalV4() : isGlobalV6();
    }

    private boolean isGlobalV4() {
        return !isIn(0x00, 8)
                && !isIn(0x0a, 8)
                && !isIn(0x7f, 8)
                && !isIn(0x64_40 >>> 6, 10)
                && !isIn(0xa9_fe, 16)
                && !isIn(0xac_10 >>> 4, 12)
                && !isIn(0xc0_00_00, 24)
                && !isIn(0xc0_00_02, 24)
                && !isIn(0xc0_a8, 16)
                && !isIn(0xc6_12 >>> 1, 15)
                && !isIn(0xc6_33_64, 24)
                && !isIn(0xcb_00_71, 24)
                && octet(24) < 0xe0;
    }

    /** Whether the first bits of an IPv4 address are these. */
    private boolean isIn(int first, int bits) {
        return ((low & 0xffff_ffffL) >>> (32 - bits)) == first;
    }

    /** Global unicast is 2000::/3; within it 2001::/23, 2001:db8::/32 and 3fff::/20 are nobody's. */
    private boolean isGlobalV6() {
        return high >>> 61 == 1
                && high >>> 41 != 0x2001_0000L >>> 9
                && high >>> 32 != 0x2001_0db8L
                && high >>> 44 != 0x3fff_0L;
    }

    /** The first of the addresses that share so many leading bits of the 128; for IPv4 96 are the family's. */
    public Address prefix(int bits) {
        long highMask = bits >= 64 ? -1 : bits == 0 ? 0 : -1L << (64 - bits);
        long lowMask = bits <= 64 ? 0 : -1L << (128 - bits);
        return new Address(high & highMask, low & lowMask);
    }

    @Override
    public int compareTo(Address other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        return isV4() ? v4Text() : v6Text();
    }

    private String v4Text() {
        return octet(24) + "." + octet(16) + "." + octet(8) + "." + octet(0);
    }

    private long octet(int shift) {
        return (low >>> shift) & 0xff;
    }

    /** RFC 5952 section 4: the longest run of two or more zero groups, the first of equals, becomes "::". */
    private String v6Text() {
        int runStart = -1;
        int runLength = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && group(end) == 0) {
                end++;
            }
            if (end - i > runLength) {
                runStart = i;
                runLength = end - i;
            }
            i = Math.max(i, end - 1);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == runStart) {
                text.append("::");
                i += runLength - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(group(i)));
            }
        }
        return text.toString();
    }

    private int group(int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> ((3 - index % 4) * 16)) & 0xffff;
    }
}
