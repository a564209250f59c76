package enishi.lab.accuracy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * NSDMiner, after Natarajan, Ning, Liu, Jajodia and Hutchinson (INFOCOM 2012): a service depends on another that its
 * host asks while it is being asked itself, by the times of conversations alone.
 *
 * @param isExclusive whether what lies within conversations of several services counts for none of them; else it is
 *     shared out
 * @param ratioMin of the asking service's conversations, which share must have had it within
 * @param programs which program is behind a service, for it knows services alone and what it tells is of these
 */
record NsdMiner(boolean isExclusive, double ratioMin, Map<NsdMiner.Service, String> programs) {
    /** What is within less than one in 200 of a service's conversations is taken for chance. */
    private static final double RATIO = 0.005;

    /** A service of a host. */
    record Service(String host, String transport, int port) {}

    /** A service and another that it may depend on. */
    private record Pair(Service asking, Service asked) {}

    static NsdMiner exclusive(Map<Service, String> programs) {
        return new NsdMiner(true, RATIO, programs);
    }

    static NsdMiner shared(Map<Service, String> programs) {
        return new NsdMiner(false, RATIO, programs);
    }

    Set<Seen> tell(List<Conversation> wire, Addresses addresses) {
        Map<String, List<Conversation>> askedOf = wire.stream()
                .filter(each -> !each.isInVain())
                .collect(Collectors.groupingBy(each -> addresses.host(each.destination())));
        Map<Service, Integer> conversations = new HashMap<>();
        Map<Pair, Double> weights = new HashMap<>();
        for (Conversation each : wire) {
            if (!each.isInVain()) {
                Service asked = service(each, addresses);
                conversations.merge(asked, 1, Integer::sum);
                Set<Service> within =
                        around(each, askedOf.getOrDefault(addresses.host(each.source()), List.of()), addresses);
                if (within.size() == 1 || !isExclusive) {
                    within.forEach(one -> weights.merge(new Pair(one, asked), 1.0 / within.size(), Double::sum));
                }
            }
        }
        Set<Seen> told = new HashSet<>();
        weights.forEach((pair, weight) -> {
            if (weight / conversations.getOrDefault(pair.asking, 1) >= ratioMin) {
                told.add(new Seen(
                        pair.asking.host,
                        programs.getOrDefault(pair.asking, Seen.UNKNOWN),
                        pair.asked.host,
                        programs.getOrDefault(pair.asked, Seen.UNKNOWN),
                        pair.asked.transport,
                        pair.asked.port));
            }
        });
        return told;
    }

    /** The services that were being asked from before a conversation until after it. */
    private static Set<Service> around(Conversation inner, List<Conversation> outer, Addresses addresses) {
        List<Service> around = new ArrayList<>();
        for (Conversation each : outer) {
            if (each.firstMicros() <= inner.firstMicros() && each.lastMicros() >= inner.lastMicros()) {
                around.add(service(each, addresses));
            }
        }
        return new HashSet<>(around);
    }

    private static Service service(Conversation each, Addresses addresses) {
        return new Service(addresses.host(each.destination()), each.transport(), each.port());
    }
}
