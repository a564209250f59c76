package enishi.server.graph;

import enishi.answer.Dependency;
import enishi.model.Address;
import enishi.model.HostId;
import org.jspecify.annotations.Nullable;

/** What a question is about. */
public sealed interface Node {

    /**
     * A host, or what runs on it.
     *
     * @param program narrows to one program or service, or null
     * @param port narrows to one server port, or null
     * @param pid narrows to one process, or null
     */
    record OnHost(
            HostId host,
            @Nullable String program,
            @Nullable Integer port,
            @Nullable Integer pid) implements Node {}

    /** An address, or one port of it. */
    record At(Address address, @Nullable Integer port) implements Node {}

    /** A unix socket of any host, by its path or by an {@code @} and its abstract name. */
    record Socket(String name) implements Node {}

    /** A program of that name on any host. */
    record ProgramNamed(String name) implements Node {}

    /** A service of that name on any host. */
    record ServiceNamed(String name) implements Node {}

    /** Whatever was asked for by that DNS name. */
    record Called(String name) implements Node {}

    /** Every address of that network whose host is unknown. */
    record InNetwork(String name) implements Node {}

    /** All hosts whose label has that value; the label is site or zone. */
    record Labelled(String label, String value) implements Node {}

    /** Whether this node is the client of a dependency. */
    default boolean isClient(Joined joined) {
        Dependency.ClientEnd end = joined.dependency().client();
        return switch (this) {
            case OnHost on ->
                joined.client().isOn(on.host())
                        && (on.program() == null
                                || on.program().equals(end.program())
                                || on.program().equals(end.service()))
                        && on.port() == null
                        && (on.pid() == null || joined.client().isHeldBy(on.pid()));
            case At at -> at.port() == null && at.address().toString().equals(end.address());
            case Socket socket -> false;
            case Called called -> false;
            case ProgramNamed named -> named.name().equals(end.program());
            case ServiceNamed named -> named.name().equals(end.service());
            case InNetwork network -> network.name().equals(end.network());
            case Labelled labelled ->
                labelled.value().equals(labelled.label().equals("site") ? end.site() : end.zone());
        };
    }

    /** Whether this node is the server of a dependency; an address also where the client asked for it. */
    default boolean isServer(Joined joined) {
        Dependency.ServerEnd end = joined.dependency().server();
        return switch (this) {
            case OnHost on ->
                joined.server().isOn(on.host())
                        && (on.program() == null
                                || on.program().equals(end.program())
                                || on.program().equals(end.service()))
                        && (on.port() == null || on.port().equals(end.port()))
                        && (on.pid() == null || joined.server().isHeldBy(on.pid()));
            case At at ->
                isAt(at, end.address(), end.port())
                        || (joined.dependency().asked() != null
                                && isAt(
                                        at,
                                        joined.dependency().asked().address(),
                                        joined.dependency().asked().port()));
            case Socket socket -> socket.name().equals(end.path());
            case Called called -> called.name().equalsIgnoreCase(end.name());
            case ProgramNamed named -> named.name().equals(end.program());
            case ServiceNamed named -> named.name().equals(end.service());
            case InNetwork network -> network.name().equals(end.network());
            case Labelled labelled ->
                labelled.value().equals(labelled.label().equals("site") ? end.site() : end.zone());
        };
    }

    private static boolean isAt(At at, @Nullable String address, @Nullable Integer port) {
        return at.address().toString().equals(address)
                && (at.port() == null || at.port().equals(port));
    }
}
