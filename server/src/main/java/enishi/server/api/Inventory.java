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
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What there is: rows of hosts, listeners and services. */
final class Inventory {
    private Inventory() {}

    static HostItem host(KnownHost known) {
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

    static ListenerItem listener(KnownListener known, Hosts hosts) {
        Listener listener = known.listener();
        Program program = listener.program();
        return new ListenerItem(
                hosts.name(listener.host()),
                listener.transport(),
                listener.address().toString(),
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
                Instant.ofEpochMilli(known.lastSeenMillis()));
    }

    /** Listeners grouped by host and service; those whose program nobody knows are not a service. */
    static List<ServiceItem> services(Collection<KnownListener> listeners, Hosts hosts) {
        record Key(HostId host, String service) {}
        Map<Key, List<KnownListener>> groups = listeners.stream()
                .filter(each -> each.listener().program() != null)
                .collect(Collectors.groupingBy(each -> new Key(each.listener().host(), serviceOf(each))));
        List<ServiceItem> items = new ArrayList<>();
        groups.forEach((key, group) -> items.add(new ServiceItem(
                hosts.name(key.host()),
                key.service(),
                List.copyOf(group.stream().map(Inventory::programOf).collect(Collectors.toCollection(TreeSet::new))),
                container(group),
                List.copyOf(group.stream().map(Inventory::endpoint).collect(Collectors.toCollection(TreeSet::new))),
                Instant.ofEpochMilli(group.stream()
                        .mapToLong(KnownListener::firstSeenMillis)
                        .min()
                        .orElse(0)),
                Instant.ofEpochMilli(group.stream()
                        .mapToLong(KnownListener::lastSeenMillis)
                        .max()
                        .orElse(0)))));
        items.sort(Comparator.comparing(ServiceItem::host).thenComparing(ServiceItem::service));
        return items;
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
        String address = listener.address().isV4() ? listener.address().toString() : "[" + listener.address() + "]";
        return listener.transport().name().toLowerCase(Locale.ROOT) + "/" + address + ":"
                + (listener.port() == 0 ? "*" : listener.port());
    }
}
