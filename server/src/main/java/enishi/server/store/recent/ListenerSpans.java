package enishi.server.store.recent;

import enishi.model.HostId;
import enishi.model.Listener;
import enishi.model.ListenerSpan;
import enishi.model.ProcessId;
import enishi.model.Program;
import enishi.model.Report;
import enishi.server.store.KnownListener;
import enishi.server.store.recent.Recent.Told;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * When each listener was seen, ever: of each incarnation the span of its greatest sequence. Where there are too many
 * nothing is here, and others have to tell.
 *
 * <p>Writing is for one thread at a time, while nobody reads; reading is for any number.
 */
public final class ListenerSpans {
    /** What one takes beside its names, with its part of what several share: measured as 230. */
    private static final int BYTES = 256;

    /** What a letter of a name may take. */
    private static final int LETTER = 2;

    private final Map<HostId, Map<Listener, List<Seen>>> byHost = new HashMap<>();
    private final long bytesMax;
    private long bytes;
    private boolean whole;

    /** One incarnation's span. */
    private record Seen(Told told, @Nullable ProcessId process, long firstSeenMillis, long lastSeenMillis) {
        boolean within(long fromMillis, long toMillis) {
            return firstSeenMillis < toMillis && lastSeenMillis >= fromMillis;
        }
    }

    /** @param bytesMax about how much memory they may take */
    public ListenerSpans(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Whether every listener is here. */
    public boolean isWhole() {
        return whole;
    }

    /** Whether there are more than there is room for; then none are here, for good. */
    public boolean isTooMany() {
        return bytes > bytesMax;
    }

    /** All that was told before has been put. */
    public void becomeWhole() {
        whole = !isTooMany();
    }

    /** What a report told; again, or in another order, changes nothing. */
    public void put(Report report) {
        Told told = new Told(report.incarnation(), report.sequence());
        report.listeners().forEach(each -> put(told, each));
    }

    /** One span, and which report told it. */
    public void put(Told told, ListenerSpan span) {
        if (isTooMany()) {
            return;
        }
        Listener listener = span.listener();
        List<Seen> all = byHost.computeIfAbsent(listener.host(), host -> new HashMap<>())
                .computeIfAbsent(listener, each -> new ArrayList<>(1));
        Seen seen = new Seen(told, span.process(), span.firstSeenMillis(), span.lastSeenMillis());
        for (int i = 0; i < all.size(); i++) {
            Told before = all.get(i).told();
            if (before.incarnation() == told.incarnation()) {
                if (told.sequence() > before.sequence()) {
                    all.set(i, seen);
                }
                return;
            }
        }
        all.add(seen);
        bytes += BYTES + LETTER * (long) letters(listener);
        if (isTooMany()) {
            whole = false;
            byHost.clear();
        }
    }

    private static int letters(Listener listener) {
        Program program = listener.program();
        String container = program == null ? null : program.container();
        return program == null
                ? 0
                : program.name().length() + program.service().length() + (container == null ? 0 : container.length());
    }

    /**
     * The listeners seen at any time of a window, on these hosts, or on all if none are named.
     *
     * @param fromMillis the window's start, milliseconds since the epoch
     * @param toMillis its end, exclusive
     */
    public List<KnownListener> within(long fromMillis, long toMillis, Set<HostId> hosts) {
        List<KnownListener> found = new ArrayList<>();
        for (HostId host : hosts.isEmpty() ? byHost.keySet() : hosts) {
            byHost.getOrDefault(host, Map.of()).forEach((listener, all) -> {
                if (all.stream().anyMatch(each -> each.within(fromMillis, toMillis))) {
                    found.add(known(listener, all, fromMillis, toMillis));
                }
            });
        }
        return found;
    }

    private static KnownListener known(Listener listener, Collection<Seen> all, long fromMillis, long toMillis) {
        TreeSet<ProcessId> processes = new TreeSet<>();
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (Seen each : all) {
            if (each.process() != null && each.within(fromMillis, toMillis)) {
                processes.add(each.process());
            }
            first = Math.min(first, each.firstSeenMillis());
            last = Math.max(last, each.lastSeenMillis());
        }
        return new KnownListener(listener, List.copyOf(processes), first, last);
    }
}
