package enishi.agent.capture;

import enishi.agent.kernel.KernelException;
import enishi.agent.kernel.UnixAsked;
import enishi.agent.kernel.UnixFold;
import enishi.model.Address;
import enishi.model.Role;
import enishi.model.Transport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Unix sockets: who listens and what is open, from a dump of every namespace, and who asked, told by the kernel where
 * it can, else as far as dumps show it. What the kernel tells is the name that was asked for; which socket that is, is
 * looked up here. Where nobody listens there it was an attempt.
 */
final class UnixWatch implements AutoCloseable {
    static final String HOOK = "each connect is told by the kernel (cgroup/connect_unix)";
    private static final int MISSING_MAX = 1_024;

    /** So many different askings wait for a dump that failed to succeed; then they are told by what is known. */
    private static final int WAITING_MAX = 8_192;

    private static final String MANY = "?";
    private final Way way;
    private final Namespaces namespaces;
    private final UnixLookup lookup;
    private final SweepRhythm rhythm;
    private final UnixListeners listeners = new UnixListeners();
    private final Set<String> missing = new HashSet<>();
    private final List<UnixAsked> waiting = new ArrayList<>();
    private Set<Long> shown = new HashSet<>();
    private long missingMillis;
    private long asked;
    private long unresolved;
    private String refusal = "";
    private boolean started;

    /**
     * How connects are known.
     *
     * @param fold where the kernel tells them, or null where they are polled
     * @param because why they are polled
     */
    record Way(@Nullable UnixFold fold, String because) {}

    UnixWatch(Way way, Namespaces namespaces, Path proc) {
        this.way = way;
        this.namespaces = namespaces;
        this.lookup = new UnixLookup(proc);
        this.rhythm = new SweepRhythm(way.fold() == null ? 500 : 2_000);
    }

    /** Delivers what changed since the last poll. What cannot be read is told by {@link #account()}. */
    void poll(CaptureSink sink, long nowMillis) {
        refusal = "";
        drain();
        lookup.begin(nowMillis);
        List<UnixEndpoint> meant =
                waiting.stream().map(each -> meant(each, nowMillis)).toList();
        boolean isNew = !meant.stream().allMatch(listeners::isKnown);
        boolean due = isNew || rhythm.isDue(nowMillis);
        if (due && !isDumped(sink, nowMillis) && waiting.size() < WAITING_MAX) {
            return;
        }
        for (int i = 0; i < waiting.size(); i++) {
            tell(waiting.get(i), meant.get(i), sink);
        }
        waiting.clear();
        listeners.told();
    }

    /** What was taken from the kernel stays here until it is told: the kernel has it no more. */
    private void drain() {
        try {
            if (way.fold() != null) {
                way.fold().drain(waiting::add);
            }
        } catch (KernelException e) {
            refusal = e.reason();
        }
    }

    private boolean isDumped(CaptureSink sink, long nowMillis) {
        try {
            dump(sink, nowMillis);
            return true;
        } catch (KernelException e) {
            refusal = e.reason();
            return false;
        }
    }

    /** The socket that a name meant to who asked for it. */
    private UnixEndpoint meant(UnixAsked each, long nowMillis) {
        byte[] name = each.name();
        if (name[0] == 0) {
            return UnixEndpoint.ofAbstract(namespaces.number(each.namespace()), name);
        }
        return switch (lookup.file(each, nowMillis)) {
            case UnixLookup.Result.At at -> new UnixEndpoint(0, UnixEndpoint.key(at.file()), UnixEndpoint.text(name));
            case UnixLookup.Result.Nothing nothing -> UnixEndpoint.missing(name);
            case UnixLookup.Result.NobodyLeft left ->
                listeners.byName(UnixEndpoint.text(name)).orElseGet(() -> {
                    unresolved += each.count();
                    return UnixEndpoint.missing(name);
                });
        };
    }

    private void tell(UnixAsked each, UnixEndpoint meant, CaptureSink sink) {
        Optional<String> listener = listeners.named(meant);
        UnixEndpoint at = listener.isEmpty() ? attempted(meant) : meant;
        long answered = listener.isEmpty() ? 0 : each.count();
        asked += answered;
        sink.take(new KernelCounts(
                at.namespace(),
                Transport.UNIX,
                Role.CLIENT,
                at.key(),
                at.key(),
                0,
                Ebpf.holder(each.pid(), each.startedNanos(), each.program(), each.cgroup()),
                answered,
                0,
                answered,
                each.count() - answered,
                0,
                0,
                false,
                0,
                0,
                listener.orElse(at.name())));
    }

    /** A scan is one fact: beyond so many names asked for in vain within an hour, further ones are one. */
    private UnixEndpoint attempted(UnixEndpoint at) {
        if (missing.contains(at.name()) || (missing.size() < MISSING_MAX && missing.add(at.name()))) {
            return at;
        }
        return new UnixEndpoint(0, Address.ANY_V6, MANY);
    }

    private void dump(CaptureSink sink, long nowMillis) throws KernelException {
        long cpuNanos = 0;
        UnixDump dump = new UnixDump();
        for (WatchedNamespace each : namespaces.watched()) {
            cpuNanos += each.sockets().unix(socket -> dump.add(each.which().number(), socket));
        }
        boolean told = way.fold() != null;
        Set<Long> here = new HashSet<>();
        listeners.begin();
        for (UnixDump.Seen each : dump.listeners()) {
            listeners.put(each.at());
            show(each, new Showing(here, sink, told || !started, nowMillis));
        }
        for (UnixDump.Seen each : dump.clients()) {
            show(each, new Showing(here, sink, told || !started, nowMillis));
        }
        shown.stream().filter(each -> !here.contains(each)).forEach(each -> sink.take(new SocketGone(each, null)));
        shown = here;
        if (Math.abs(nowMillis - missingMillis) > 3_600_000) {
            missing.clear();
            missingMillis = nowMillis;
        }
        started = true;
        rhythm.swept(nowMillis, cpuNanos);
    }

    /** A dump being told: what it showed so far, to whom, and whether what is new is taken for older. */
    private record Showing(Set<Long> here, CaptureSink sink, boolean older, long atMillis) {}

    private void show(UnixDump.Seen each, Showing how) {
        if (shown.contains(each.key())) {
            how.here().add(each.key());
            return;
        }
        boolean follows = how.sink()
                .take(new SocketSeen(
                        each.key(),
                        each.at().namespace(),
                        Transport.UNIX,
                        each.state(),
                        each.at().key(),
                        0,
                        each.at().key(),
                        0,
                        false,
                        each.inode(),
                        0,
                        null,
                        how.older(),
                        2,
                        how.atMillis(),
                        new UnixEnd(each.at().name(), way.fold() != null)));
        if (follows) {
            how.here().add(each.key());
            asked += each.state() == SocketState.OPEN && way.fold() == null ? 1 : 0;
        }
    }

    /** Connections seen for the first time since the start. */
    long seen() {
        return asked;
    }

    /** Askings for which the kernel had no room. */
    long lost() {
        try {
            return way.fold() == null ? 0 : way.fold().lost();
        } catch (KernelException e) {
            refusal = e.reason();
            return 0;
        }
    }

    /** How connects are known, or why not, for who asks how this host is watched. */
    String account() {
        if (!refusal.isEmpty()) {
            return "unseen: " + refusal;
        }
        return way.fold() == null ? "polled: " + way.because() : HOOK;
    }

    List<String> limits() {
        List<String> limits = new ArrayList<>();
        if (!refusal.isEmpty()) {
            limits.add("Unix sockets are not seen: " + refusal + ".");
        } else if (way.fold() == null) {
            limits.add("Unix sockets are polled: connections that open and close between two polls, and datagrams of"
                    + " sockets without a peer of their own, are missed.");
        }
        if (unresolved > 0) {
            limits.add(unresolved + " connects to unix sockets were by processes of which nothing was left to tell"
                    + " which file they meant; they count as attempts.");
        }
        return limits;
    }

    @Override
    public void close() {
        if (way.fold() != null) {
            way.fold().close();
        }
    }
}
