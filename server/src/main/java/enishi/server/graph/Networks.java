package enishi.server.graph;

import enishi.model.Address;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Ranges of addresses by name, as the operator gave them (CIDR, RFC 4632 and RFC 4291 section 2.3). An address belongs
 * to the narrowest range that holds it; a global one that none holds is external.
 */
public final class Networks {
    /** Where every global address is that no range holds. */
    public static final String EXTERNAL = "external";

    public static final Networks NONE = new Networks(Map.of());

    private static final Pattern CIDR = Pattern.compile("([0-9a-fA-F:.]+)/(\\d{1,3})");
    private static final int V4_BITS_BEFORE = 96;
    private static final int NAME_CHARS_MAX = 100;
    private final NavigableMap<Integer, Map<Range, String>> byBits = new TreeMap<>(Collections.reverseOrder());

    /** The first address of a range; a range of IPv6 holds no IPv4 address, though ::/0 is a prefix of all. */
    private record Range(Address first, boolean v4) {
        static Range of(Address address, int bits) {
            return new Range(address.prefix(bits), address.isV4());
        }
    }

    private Networks(Map<String, String> named) {
        named.forEach(this::put);
    }

    /**
     * Those of a table.
     *
     * @param named the name of each range, by the range as {@code 10.0.0.0/8} or {@code 2001:db8::/32}
     * @throws IllegalArgumentException says which range or name is none and why
     */
    public static Networks of(Map<String, String> named) {
        return named.isEmpty() ? NONE : new Networks(named);
    }

    private void put(String cidr, String name) {
        Matcher parts = CIDR.matcher(cidr);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "a network is written ADDRESS/BITS, such as 10.0.0.0/8, not '" + cidr + "'");
        }
        Address first = Address.parse(parts.group(1));
        int bits = Integer.parseInt(parts.group(2));
        int most = first.isV4() ? 32 : 128;
        if (bits > most) {
            throw new IllegalArgumentException("the network '" + cidr + "' has more than " + most + " bits");
        }
        int all = first.isV4() ? V4_BITS_BEFORE + bits : bits;
        Range range = Range.of(first, all);
        if (!range.first().equals(first)) {
            throw new IllegalArgumentException("the network '" + cidr + "' begins at " + range.first() + "/" + bits);
        }
        if (name.isBlank() || name.length() > NAME_CHARS_MAX) {
            throw new IllegalArgumentException(
                    "the network '" + cidr + "' needs a name of 1 to " + NAME_CHARS_MAX + " characters");
        }
        byBits.computeIfAbsent(all, each -> new HashMap<>()).put(range, name);
    }

    /** The name of the narrowest range that holds an address, or null. */
    @Nullable String of(Address address) {
        for (Map.Entry<Integer, Map<Range, String>> each : byBits.entrySet()) {
            String name = each.getValue().get(Range.of(address, each.getKey()));
            if (name != null) {
                return name;
            }
        }
        return null;
    }

    /** All names there are. */
    public List<String> names() {
        return Stream.concat(byBits.values().stream().flatMap(each -> each.values().stream()), Stream.of(EXTERNAL))
                .distinct()
                .sorted()
                .toList();
    }
}
