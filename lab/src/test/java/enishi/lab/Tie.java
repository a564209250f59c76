package enishi.lab;

import enishi.answer.Dependency;
import enishi.model.Transport;
import org.jspecify.annotations.Nullable;

/** A dependency cut down to who depends on whom, for comparing whole sets of them. */
record Tie(
        @Nullable String client,
        @Nullable String server,
        @Nullable String address,
        @Nullable Integer port,
        Transport transport) {

    static Tie of(Dependency dependency) {
        return new Tie(
                dependency.client().program(),
                dependency.server().program(),
                dependency.server().address(),
                dependency.server().port(),
                dependency.transport());
    }

    static Tie tcp(@Nullable String client, @Nullable String server, String address, int port) {
        return new Tie(client, server, address, port, Transport.TCP);
    }

    static Tie udp(@Nullable String client, @Nullable String server, String address, int port) {
        return new Tie(client, server, address, port, Transport.UDP);
    }
}
