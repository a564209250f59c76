package enishi.server.graph;

import enishi.answer.Dependency;
import enishi.model.Address;
import enishi.model.Between;
import enishi.model.Host;
import enishi.model.HostAddress;
import enishi.model.HostId;
import enishi.model.Listener;
import enishi.model.Program;
import enishi.model.Rung;
import enishi.model.Translation;
import enishi.model.Transport;
import enishi.server.store.FlowTotals;
import enishi.server.store.KnownHost;
import enishi.server.store.KnownListener;
import enishi.server.store.KnownTranslation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Hosts and listeners as a test says them, and what joining makes of flows between them. */
final class Site {
    private final List<KnownHost> hosts = new ArrayList<>();
    private final List<KnownListener> listeners = new ArrayList<>();
    private final List<KnownTranslation> translations = new ArrayList<>();
    private Networks networks = Networks.NONE;

    /** A host with addresses, each {@code ADDRESS} or {@code NAMESPACE@ADDRESS}. */
    Site host(HostId id, String name, String... addresses) {
        return host(id, name, Map.of(), addresses);
    }

    Site host(HostId id, String name, Map<String, String> labels, String... addresses) {
        List<HostAddress> at = Stream.of(addresses)
                .map(each -> each.split("@"))
                .map(parts -> parts.length == 1
                        ? new HostAddress(0, Address.parse(parts[0]))
                        : new HostAddress(Long.parseLong(parts[0]), Address.parse(parts[1])))
                .toList();
        hosts.add(new KnownHost(new Host(id, name, "boot", at, labels), 0, 0, Rung.SOCK_DIAG, 0));
        return this;
    }

    Site networks(Map<String, String> named) {
        networks = Networks.of(named);
        return this;
    }

    /** The host named last reported from one minute to another, and neither before nor after. */
    Site reporting(long firstMinute, long lastMinute) {
        KnownHost last = hosts.removeLast();
        hosts.add(new KnownHost(last.host(), firstMinute * 60_000, lastMinute * 60_000, last.rung(), 0));
        return this;
    }

    /** A listener on port 5432 of every address of a namespace. */
    Site listener(HostId host, long namespace, Transport transport, String program) {
        Program owner = new Program(program, program, null);
        return listener(new Listener(host, namespace, Address.ANY_V6, 5432, transport, false, owner), 0, 0);
    }

    /** One over TCP in the root namespace, seen from one minute to another. */
    Site listener(HostId host, String program, long firstMinute, long lastMinute) {
        Program owner = new Program(program, program, null);
        Listener listener = new Listener(host, 0, Address.ANY_V6, 5432, Transport.TCP, false, owner);
        return listener(listener, firstMinute, lastMinute);
    }

    private Site listener(Listener listener, long firstMinute, long lastMinute) {
        listeners.add(new KnownListener(listener, List.of(), firstMinute * 60_000, lastMinute * 60_000 + 1));
        return this;
    }

    /**
     * A translation on a host while a {@link Half} is seen, each endpoint {@code CLIENT>ADDRESS} or
     * {@code CLIENT>ADDRESS:PORT}; port 5432 where none is said.
     */
    Site translation(HostId on, long namespace, String before, String after) {
        return translation(on, namespace, before, after, 1_000, 2_000);
    }

    /** One over UDP, of the root namespace. */
    Site datagrams(HostId on, String before, String after) {
        return translation(on, 0, Transport.UDP, before, after, 1_000, 2_000);
    }

    Site translation(HostId on, long namespace, String before, String after, long firstMillis, long lastMillis) {
        return translation(on, namespace, Transport.TCP, before, after, firstMillis, lastMillis);
    }

    private Site translation(
            HostId on,
            long namespace,
            Transport transport,
            String before,
            String after,
            long firstMillis,
            long lastMillis) {
        String[] asked = before.split("[>:]", -1);
        String[] done = after.split("[>:]", -1);
        Translation translation = new Translation(
                on,
                namespace,
                transport,
                Address.parse(asked[0]),
                Address.parse(asked[1]),
                asked.length < 3 ? 5432 : Integer.parseInt(asked[2]),
                Address.parse(done[1]),
                done.length < 3 ? 5432 : Integer.parseInt(done[2]),
                Address.parse(done[0]));
        translations.add(new KnownTranslation(translation, firstMillis / 60_000, lastMillis / 60_000));
        return this;
    }

    Hosts hosts() {
        return new Hosts(hosts, networks);
    }

    List<KnownListener> listeners() {
        return listeners;
    }

    List<Joined> join(Half... halves) {
        List<FlowTotals> flows = Stream.of(halves).map(Half::totals).toList();
        return Join.of(flows, hosts(), listeners, translations);
    }

    Set<Address> around(Half... halves) {
        return Meeting.addresses(Meeting.of(
                Stream.of(halves).map(Half::totals).toList(),
                met -> translations.stream()
                        .filter(each -> met.contains(Between.before(each.translation()))
                                || met.contains(Between.after(each.translation())))
                        .toList()));
    }

    /** What became of one half's program as the client. */
    static Joined by(String program, List<Joined> all) {
        return all.stream()
                .filter(each -> program.equals(each.dependency().client().program()))
                .findFirst()
                .orElseThrow();
    }

    static List<Dependency> dependencies(List<Joined> all) {
        return all.stream().map(Joined::dependency).toList();
    }
}
