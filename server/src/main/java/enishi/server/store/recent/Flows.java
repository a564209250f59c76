package enishi.server.store.recent;

import enishi.model.Address;
import enishi.model.Flow;
import enishi.model.HostId;
import enishi.model.Program;
import enishi.server.store.FlowFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The flows of which there are rows, by {@code FlowId} and by a number from 0 on. */
final class Flows {
    private final LongIndex ids = new LongIndex();
    private final List<Flow> flows = new ArrayList<>();
    private final Map<HostId, Numbers> byHost = new HashMap<>();
    private final Map<Address, Numbers> byAddress = new HashMap<>();
    private final Map<Object, Object> parts = new HashMap<>();

    int size() {
        return ids.size();
    }

    long id(int number) {
        return ids.value(number);
    }

    Flow flow(int number) {
        return flows.get(number);
    }

    /** The number of a flow, the next one if it has none. */
    int number(long id, Flow flow) {
        int known = ids.get(id);
        return known < 0 ? add(id, flow) : known;
    }

    private int add(long id, Flow flow) {
        int number = ids.add(id);
        Flow small = shared(flow);
        flows.add(small);
        byHost.computeIfAbsent(small.host(), each -> new Numbers()).add(number);
        byAddress.computeIfAbsent(small.remote(), each -> new Numbers()).add(number);
        if (!small.local().equals(small.remote())) {
            byAddress.computeIfAbsent(small.local(), each -> new Numbers()).add(number);
        }
        return number;
    }

    /** The numbers of the flows that a filter takes, ascending. */
    int[] numbers(FlowFilter filter) {
        if (filter.isAll()) {
            return IntStream.range(0, size()).toArray();
        }
        Numbers found = new Numbers();
        filter.hosts().forEach(each -> found.addAll(byHost.get(each)));
        filter.addresses().forEach(each -> found.addAll(byAddress.get(each)));
        return found.stream().sorted().distinct().toArray();
    }

    /** The same flow of parts that others have too: a host has many flows, an address many more. */
    private Flow shared(Flow flow) {
        Program program = flow.program();
        return new Flow(
                shared(flow.host()),
                flow.namespace(),
                program == null ? null : shared(program),
                flow.role(),
                shared(flow.local()),
                shared(flow.remote()),
                flow.serverPort(),
                flow.transport(),
                flow.name() == null ? null : shared(flow.name()));
    }

    @SuppressWarnings("unchecked")
    private <T> T shared(T part) {
        Object known = parts.putIfAbsent(part, part);
        return known == null ? part : (T) known;
    }

    /** A list of numbers. */
    private static final class Numbers {
        private int[] all = new int[4];
        private int size;

        void add(int number) {
            if (size == all.length) {
                all = Arrays.copyOf(all, size * 2);
            }
            all[size++] = number;
        }

        void addAll(@Nullable Numbers others) {
            if (others != null) {
                all = Arrays.copyOf(all, size + others.size + 1);
                System.arraycopy(others.all, 0, all, size, others.size);
                size += others.size;
            }
        }

        IntStream stream() {
            return Arrays.stream(all, 0, size);
        }
    }
}
