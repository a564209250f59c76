package enishi.server.api;

import enishi.answer.HostItem;
import enishi.answer.ListenerItem;
import enishi.answer.ServiceItem;
import enishi.model.HostId;
import enishi.model.Listener;
import enishi.model.ProcessId;
import enishi.model.Program;
import enishi.server.graph.Hosts;
import enishi.server.store.KnownHost;
import enishi.server.store.KnownListener;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What there is: rows of hosts, listeners and services, each list in a stable order. */
final class Inventory {
    private Inventory() {}

    /** Hosts by name. */
    static List<Paging.Item<HostItem>> hosts(Collection<KnownHost> hosts) {
        return hosts.stream()
                .map(each -> new Paging.Item<>(host(each), each.host().id()))
                .sorted(Comparator.<Paging.Item<HostItem>, String>comparing(
                                each -> each.value().host())
                        .thenComparing(each -> each.value().hostId()))
                .toList();
    }

    private static HostItem host(KnownHost known) {
        return new HostItem(
                known.host().name(),
                known.host().id().toString(),
                known.host().addresses().stream()
                        .map(each -> each.address().toString())
                        .distinct()
                        .sorted()
                        .toList(),
                new TreeMap<>(known.host().labels()),
                known.rung(),
                Instant.ofEpochMilli(known.firstReportMillis()),
                Instant.ofEpochMilli(known.lastReportMillis()),
                known.clockOffsetMillis());
    }

    /** Listeners by host and port. */
    static List<Paging.Item<ListenerItem>> listeners(Collection<KnownListener> listeners, Hosts hosts) {
        return listeners.stream()
                .map(each -> new Paging.Item<>(listener(each, hosts), each.listener()))
                .sorted(Comparator.<Paging.Item<ListenerItem>, String>comparing(
                                each -> each.value().host())
                        .thenComparingInt(each ->
                                each.value().port() == null ? 0 : each.value().port())
                        .thenComparing(each -> String.valueOf(each.value().address()))
                        .thenComparing(each -> String.valueOf(each.value().path()))
                        .thenComparing(each -> each.identity().toString()))
                .toList();
    }

    private static ListenerItem listener(KnownListener known, Hosts hosts) {
        Listener listener = known.listener();
        Program program = listener.program();
        return new ListenerItem(
                hosts.name(listener.host()),
                listener.transport(),
                listener.socket() == null ? listener.address().toString() : null,
                listener.port() == 0 ? null : listener.port(),
                listener.namespace(),
                program == null ? null : program.name(),
                program == null ? null : program.service(),
                program == null ? null : program.container(),
                known.processes().stream()
                        .map(ProcessId::pid)
                        .distinct()
                        .sorted()
                        .toList(),
                Instant.ofEpochMilli(known.firstSeenMillis()),
                Instant.ofEpochMilli(known.lastSeenMillis()),
                listener.socket());
    }

    private record Key(HostId host, String service) {}

    /** Listeners grouped by host and service; those whose program nobody knows are not a service. */
    static List<Paging.Item<ServiceItem>> services(Collection<KnownListener> listeners, Hosts hosts) {
        Map<Key, List<KnownListener>> groups = listeners.stream()
                .filter(each -> each.listener().program() != null)
                .collect(Collectors.groupingBy(each -> new Key(each.listener().host(), serviceOf(each))));
        return groups.entrySet().stream()
                .map(group -> new Paging.Item<>(service(group.getKey(), group.getValue(), hosts), group.getKey()))
                .sorted(Comparator.<Paging.Item<ServiceItem>, String>comparing(
                                each -> each.value().host())
                        .thenComparing(each -> each.value().service())
                        .thenComparing(each -> each.identity().toString()))
                .toList();
    }

    private static ServiceItem service(Key key, List<KnownListener> group, Hosts hosts) {
        long first =
                group.stream().mapToLong(KnownListener::firstSeenMillis).min().orElse(0);
        long last =
                group.stream().mapToLong(KnownListener::lastSeenMillis).max().orElse(0);
        return new ServiceItem(
                hosts.name(key.host()),
                key.service(),
                List.copyOf(group.stream().map(Inventory::programOf).collect(Collectors.toCollection(TreeSet::new))),
                container(group),
                List.copyOf(group.stream().map(Inventory::endpoint).collect(Collectors.toCollection(TreeSet::new))),
                Instant.ofEpochMilli(first),
                Instant.ofEpochMilli(last));
    }

    private static String serviceOf(KnownListener known) {
        Program program = known.listener().program();
        return program == null ? "" : program.service();
    }

    private static String programOf(KnownListener known) {
        Program program = known.listener().program();
        return program == null ? "" : program.name();
    }

    private static @Nullable String container(List<KnownListener> group) {
        Program program = group.getFirst().listener().program();
        return program == null ? null : program.container();
    }

    private static String endpoint(KnownListener known) {
        Listener listener = known.listener();
        if (listener.socket() != null) {
            return "unix:" + listener.socket();
        }
        String address = listener.address().isV4() ? listener.address().toString() : "[" + listener.address() + "]";
        return listener.transport().name().toLowerCase(Locale.ROOT) + "/" + address + ":"
                + (listener.port() == 0 ? "*" : listener.port());
    }
}
