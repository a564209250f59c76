package enishi.server.graph;

import enishi.answer.Change;
import enishi.answer.Change.Kind;
import enishi.answer.CoverageVerdict;
import enishi.answer.CoverageVerdict.Verdict;
import enishi.answer.Dependency;
import enishi.answer.Dependency.SeenFrom;
import enishi.answer.HostWatch;
import enishi.model.HostId;
import enishi.model.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What two windows tell differently: what appeared, vanished, or changed. Changed is what began or ceased to fail, and
 * what made twice as many connections or moved twice as many bytes in the same time, or half as many; a few
 * connections more or less are chance. Windows may differ in length: what is compared is what each comes to an hour.
 */
public final class Changes {
    /** From this ratio on. */
    private static final double FACTOR = 2;

    /** Fewer connections an hour are not compared, nor are fewer bytes. */
    private static final double CONNECTIONS_MIN = 10;

    private static final double BYTES_MIN = 1 << 20;

    private Changes() {}

    /**
     * What a window tells.
     *
     * @param hours its length
     * @param whole the hosts that were watched throughout
     * @param everywhere whether all of them were
     */
    private record Told(Collection<Joined> all, double hours, Set<HostId> whole, boolean everywhere) {

        /** Whether a host that reported this dependency would have reported it here too. */
        boolean wouldTell(Joined each) {
            SeenFrom from = each.dependency().seenFrom();
            return (from != SeenFrom.SERVER && isWhole(each.client().host()))
                    || (from != SeenFrom.CLIENT && isWhole(each.server().host()));
        }

        private boolean isWhole(@Nullable HostId host) {
            return host == null ? everywhere : whole.contains(host);
        }
    }

    /**
     * What one window tells at some level.
     *
     * @param coverage of the hosts that were asked about
     */
    public record Side(Collection<Joined> all, Window window, CoverageVerdict coverage) {
        private Told told() {
            double hours = Duration.between(window.from(), window.to()).toMillis() / 3_600_000.0;
            Set<HostId> whole = coverage.hosts().stream()
                    .filter(Verdicts::isWhole)
                    .map(HostWatch::hostId)
                    .map(HostId::parse)
                    .collect(Collectors.toSet());
            return new Told(all, hours, whole, coverage.verdict() == Verdict.COMPLETE);
        }
    }

    /**
     * A difference, and what stands for it where differences are put in order.
     *
     * @param latest the dependency as it was in the later window, or in the earlier if it vanished
     */
    public record Changed(Change change, Joined latest) {}

    /** The differences, in no order; both sides are of the same level. */
    public static List<Changed> between(Side earlier, Side later) {
        Told before = earlier.told();
        Told after = later.told();
        Map<Object, Joined> vanished = new HashMap<>();
        before.all.forEach(each -> vanished.put(each.identity(), each));
        List<Changed> found = new ArrayList<>();
        for (Joined each : after.all) {
            Joined was = vanished.remove(each.identity());
            if (was == null) {
                Change change = new Change(Kind.APPEARED, before.wouldTell(each), null, each.dependency());
                found.add(new Changed(change, each));
            } else if (differ(was.dependency(), before.hours, each.dependency(), after.hours)) {
                boolean certain = before.wouldTell(was) && after.wouldTell(each);
                Change change = new Change(Kind.CHANGED, certain, was.dependency(), each.dependency());
                found.add(new Changed(change, each));
            }
        }
        for (Joined each : vanished.values()) {
            Change change = new Change(Kind.VANISHED, after.wouldTell(each), each.dependency(), null);
            found.add(new Changed(change, each));
        }
        return found;
    }

    private static boolean differ(Dependency before, double hoursBefore, Dependency after, double hoursAfter) {
        if ((before.failures() == 0) != (after.failures() == 0)) {
            return true;
        }
        if (differ(before.connections() / hoursBefore, after.connections() / hoursAfter, CONNECTIONS_MIN)) {
            return true;
        }
        Double bytesBefore = bytes(before);
        Double bytesAfter = bytes(after);
        return bytesBefore != null
                && bytesAfter != null
                && differ(bytesBefore / hoursBefore, bytesAfter / hoursAfter, BYTES_MIN);
    }

    private static boolean differ(double one, double other, double least) {
        double more = Math.max(one, other);
        return more >= least && more >= FACTOR * Math.min(one, other);
    }

    private static @Nullable Double bytes(Dependency each) {
        Long client = each.clientBytes();
        Long server = each.serverBytes();
        return client == null || server == null ? null : client.doubleValue() + server;
    }
}
