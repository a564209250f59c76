package enishi.lab.accuracy;

import java.util.Map;

/** Which host has an address. */
record Addresses(Map<String, String> hosts) {
    private static final String MAPPED = "::ffff:";

    Addresses {
        hosts = Map.copyOf(hosts);
    }

    /** The host of an address, or the address itself where it is nobody's. */
    String host(String address) {
        String plain = address.startsWith(MAPPED) ? address.substring(MAPPED.length()) : address;
        return hosts.getOrDefault(plain, plain);
    }

    static boolean isLoopback(String address) {
        return address.startsWith("127.") || address.equals("::1") || address.startsWith(MAPPED + "127.");
    }
}
