package enishi.agent.capture;

import enishi.agent.kernel.KernelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What connection tracking translates, in every network namespace where it is at work. All that is tracked is read at
 * the start and now and then, which tells what has ended too, and what notices were lost of as soon as the table may be
 * read again. Where something translated was seen the kernel tells of each translated connection as it begins;
 * elsewhere nobody listens, for that costs the host something with every connection, and a connection stays tracked for
 * a while after its end.
 */
final class NatWatch {
    static final String TOLD = "each translated connection is told by the kernel (conntrack)";
    static final String IDLE = "none: of the connections that the kernel tracks none is translated";
    private static final long ANEW_EVERY_MILLIS = 10_000;
    private static final long ANEW_EVERY_MILLIS_MOST = 3_600_000;

    /** What a reading that failed is taken to have cost, which nobody measured. */
    private static final long FAILED_NANOS = 200_000_000;

    private final Namespaces namespaces;
    private final Path proc;
    private final SweepRhythm rhythm = new SweepRhythm(ANEW_EVERY_MILLIS, ANEW_EVERY_MILLIS_MOST);
    private Set<Long> before = Set.of();
    private boolean read;
    private boolean listening;
    private String refusal = "";
    private int silent;
    private long lost;

    NatWatch(Namespaces namespaces, Path proc) {
        this.namespaces = namespaces;
        this.proc = proc;
    }

    /** Delivers what changed since the last poll. What cannot be read is told by {@link #account()}. */
    void poll(CaptureSink sink, long nowMillis) {
        boolean anew = rhythm.isDue(nowMillis);
        long cpuNanos = 0;
        Set<Long> here = new HashSet<>();
        read = false;
        listening = false;
        String failed = "";
        int mute = 0;
        for (WatchedNamespace each : namespaces.watched()) {
            long number = each.which().number();
            here.add(number);
            Tracking tracking = each.tracking();
            if (tracking.isAbsent() || !tracking.refusal().isEmpty()) {
                failed = tracking.refusal().isEmpty() || !tracking.isAtWork() ? failed : tracking.refusal();
                continue;
            }
            read = true;
            mute += anew && tracking.isSilent() ? 1 : 0;
            try {
                // a namespace not seen before is read at once
                Tracking.Polled polled = tracking.poll(number, anew || !before.contains(number), sink);
                lost += polled.lost();
                cpuNanos += polled.cpuNanos();
            } catch (KernelException e) {
                failed = tracking.refusal().isEmpty() ? e.reason() : tracking.refusal();
                cpuNanos += FAILED_NANOS;
            }
            listening |= tracking.isListening();
        }
        before.stream().filter(each -> !here.contains(each)).forEach(each -> sink.take(new TrackedForgotten(each)));
        before = here;
        refusal = failed;
        if (anew) {
            silent = mute;
            rhythm.swept(nowMillis, cpuNanos);
        }
    }

    /** Notices for which the kernel had no room, or that were not as its headers say. */
    long lost() {
        return lost;
    }

    /** How translation is known, or why not, for who asks how this host is watched. */
    String account() {
        if (!refusal.isEmpty()) {
            return "unseen: " + refusal;
        }
        if (!read) {
            return "none: the kernel tracks no connections";
        }
        if (!listening) {
            return IDLE;
        }
        return silent == 0 ? TOLD : "polled: nf_conntrack_events is 0";
    }

    List<String> limits() {
        List<String> limits = new ArrayList<>();
        if (!refusal.isEmpty()) {
            limits.add("What this host translates (NAT) is not seen through: " + refusal + ".");
        }
        if (silent > 0) {
            limits.add("The kernel tells of no tracked connection in " + silent + " network namespaces: what they"
                    + " translate is polled and its connections are not counted. Set net.netfilter.nf_conntrack_events"
                    + " to 1 there to count them.");
        }
        if (Files.exists(proc.resolve("self/net/ip_vs"))) {
            limits.add("IPVS is on this host: whom it hands connections to is not seen through.");
        }
        return limits;
    }
}
