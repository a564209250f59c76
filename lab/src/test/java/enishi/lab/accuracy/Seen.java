package enishi.lab.accuracy;

/**
 * That a client depends on a server, by whomever it is told; {@link #UNKNOWN} where a program is not.
 *
 * @param transport {@code tcp}, {@code udp} or {@code unix}
 * @param port 0 over unix
 */
record Seen(
        String clientHost, String clientProgram, String serverHost, String serverProgram, String transport, int port) {
    static final String UNKNOWN = "?";

    boolean hasBothNames() {
        return !clientProgram.equals(UNKNOWN) && !serverProgram.equals(UNKNOWN);
    }

    boolean isBetween(String oneHost, String otherHost) {
        return clientHost.equals(oneHost) && serverHost.equals(otherHost);
    }

    @Override
    public String toString() {
        return clientHost + "/" + clientProgram + " -> " + serverHost + "/" + serverProgram + " " + transport + " "
                + port;
    }

    /** How closely two dependencies are compared. */
    enum Level {
        HOST,
        SERVICE,
        PROCESS;

        /** What of it counts at this level: the hosts; and the transport and port; and both programs. */
        Seen cut(Seen whole) {
            return switch (this) {
                case HOST -> new Seen(whole.clientHost, "", whole.serverHost, "", "", 0);
                case SERVICE -> new Seen(whole.clientHost, "", whole.serverHost, "", whole.transport, whole.port);
                case PROCESS -> whole;
            };
        }
    }
}
