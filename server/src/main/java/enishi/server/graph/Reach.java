package enishi.server.graph;

import enishi.model.HostId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What is met by going on from dependency to dependency: where one leads to, others begin. They are taken for
 * connected where the server of the one and the client of the other are the same at a level: the same service of a
 * host below {@link Level#HOST}, for the process that is asked is often not the one that asks. Nobody goes on from an
 * end of which host or service is unknown. That both happened in one window is no proof that one caused the other.
 */
public final class Reach {
    private final List<Joined> all;
    private final Compressed edges;
    private final Map<Object, Integer> numbers = new HashMap<>();

    private record ServiceOn(HostId host, String service) {}

    private record Zone(@Nullable String site, String zone) {}

    public Reach(List<Joined> all, Level level) {
        this.all = all;
        int[] clients = new int[all.size()];
        int[] servers = new int[all.size()];
        for (int i = 0; i < clients.length; i++) {
            Joined each = all.get(i);
            var client = each.dependency().client();
            var server = each.dependency().server();
            clients[i] = number(key(level, each.client().host(), client.service(), client.zone(), client.site()));
            servers[i] = number(key(level, each.server().host(), server.service(), server.zone(), server.site()));
        }
        edges = new Compressed(numbers.size(), clients, servers);
    }

    /** What an end is at a level, or null where that is unknown. */
    private static @Nullable Object key(
            Level level,
            @Nullable HostId host,
            @Nullable String service,
            @Nullable String zone,
            @Nullable String site) {
        return switch (level) {
            case PROCESS, SERVICE -> host == null || service == null ? null : new ServiceOn(host, service);
            case HOST -> host;
            case ZONE -> zone == null ? null : new Zone(site, zone);
            case SITE -> site;
        };
    }

    /** What is unknown is a node of its own each time. */
    private int number(@Nullable Object key) {
        Object known = key == null ? new Object() : key;
        return numbers.computeIfAbsent(known, each -> numbers.size());
    }

    /**
     * Those for which a predicate holds and what is met from them, each once.
     *
     * @param depth how many steps, the first being one
     * @param towardServers toward what is depended on; else toward who depends
     */
    public List<Joined> from(Predicate<Joined> which, int depth, boolean towardServers) {
        int[] first = IntStream.range(0, all.size())
                .filter(each -> which.test(all.get(each)))
                .toArray();
        return IntStream.of(edges.reach(first, depth, towardServers))
                .mapToObj(all::get)
                .toList();
    }
}
