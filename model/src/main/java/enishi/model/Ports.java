package enishi.model;

/** The range of a port. */
final class Ports {
    private Ports() {}

    static void check(int port) {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("a port is between 0 and 65535, not " + port);
        }
    }
}
