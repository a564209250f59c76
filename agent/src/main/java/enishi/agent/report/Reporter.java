package enishi.agent.report;

import enishi.agent.fold.Folded;
import enishi.agent.spool.Spool;
import enishi.model.Coverage;
import enishi.model.Host;
import enishi.model.Report;
import enishi.model.Rung;
import enishi.wire.ReportCodec;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Numbers what was folded and spools it: one report, or several where it is more than one may hold. The coverage leaves
 * with the last one, so that no second is claimed before all its counts are on disk. What the disk does not take
 * becomes a gap and is counted. Used by one thread.
 */
public final class Reporter implements Consumer<Folded> {
    static final int OBSERVATIONS_MAX = 5_000;
    private static final int REPORT_BYTES_MAX = 1024 * 1024;
    private static final System.Logger LOG = System.getLogger(Reporter.class.getName());
    private final Supplier<Host> host;
    private final LongSupplier incarnations;
    private long incarnation;
    private final Spool spool;
    private final Gaps gaps;
    private final InstantSource clock;
    private final int bytesMax;
    private long sequence;
    private Rung rung = Rung.PROC;
    private boolean refused;

    /**
     * A reporter of one run of the agent.
     *
     * @param origin who reports
     * @param gaps also told of what the spool drops
     */
    public Reporter(Origin origin, Spool spool, Gaps gaps, InstantSource clock) {
        host = origin.host();
        incarnations = origin.incarnations();
        incarnation = incarnations.getAsLong();
        this.spool = spool;
        this.gaps = gaps;
        this.clock = clock;
        bytesMax = Math.min(REPORT_BYTES_MAX, spool.recordBytesMax());
    }

    /**
     * Who reports.
     *
     * @param host asked anew for each report, for addresses and names change
     * @param incarnations gives a random number, one for each incarnation
     */
    public record Origin(Supplier<Host> host, LongSupplier incarnations) {}

    /** What follows may name minutes anew that were told before, and must not replace them. */
    public void beginIncarnation() {
        incarnation = incarnations.getAsLong();
        sequence = 0;
    }

    @Override
    public void accept(Folded folded) {
        if (!folded.coverage().isEmpty()) {
            rung = folded.coverage().getLast().rung();
        }
        if (!folded.isEmpty()) {
            List<Coverage> coverage = folded.coverage().stream().map(gaps::with).toList();
            spool(host.get(), new Folded(folded.flows(), folded.listeners(), coverage, folded.translations()));
        }
        List<Coverage> lost = gaps.take(rung, bytesMax / 2);
        if (!lost.isEmpty()) {
            spool(host.get(), new Folded(List.of(), List.of(), lost));
        }
    }

    /** Spools it as one report, or as two halves if it is more than one may hold, and so on. */
    private void spool(Host now, Folded part) {
        Optional<Halves> halves = Halves.of(part);
        if (halves.isPresent() && observations(part) > OBSERVATIONS_MAX) {
            spool(now, halves.get());
            return;
        }
        Report report = new Report(
                now,
                incarnation,
                sequence + 1,
                clock.millis(),
                part.flows(),
                part.listeners(),
                part.coverage(),
                part.translations());
        byte[] bytes = ReportCodec.encode(report);
        if (halves.isPresent() && bytes.length > bytesMax) {
            spool(now, halves.get());
        } else {
            sequence++;
            append(report, bytes);
        }
    }

    private void spool(Host now, Halves halves) {
        spool(now, halves.first());
        spool(now, halves.second());
    }

    private void append(Report report, byte[] bytes) {
        try {
            spool.append(bytes);
            refused = false;
        } catch (IOException e) {
            gaps.add(report);
            if (!refused) {
                LOG.log(Level.WARNING, "spool: a report could not be kept and becomes a gap: {0}", e.getMessage());
            }
            refused = true;
        }
    }

    /** Of flows and of translations. */
    private static long observations(Folded folded) {
        return folded.flows().stream()
                        .mapToLong(each -> each.observations().size())
                        .sum()
                + folded.translations().stream()
                        .mapToLong(each -> each.minutes().size())
                        .sum();
    }
}
