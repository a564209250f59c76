package enishi.cli.output;

import enishi.wire.v1.AgentStatus;
import enishi.wire.v1.Probe;
import enishi.wire.v1.Rung;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An agent's account of itself as text: how it captures and why not better, what it missed, what waits. */
public final class AgentLines {
    private static final int LABEL_COLUMNS = 9;
    private static final int SILENT_SECONDS = 15;
    private final AgentStatus status;
    private final Instant now;
    private final int columns;
    private final StringBuilder text = new StringBuilder();

    private AgentLines(AgentStatus status, Instant now, int columns) {
        this.status = status;
        this.now = now;
        this.columns = columns;
    }

    public static String of(AgentStatus status, Instant now, int columns) {
        AgentLines lines = new AgentLines(status, now, columns);
        lines.who();
        lines.rungs();
        lines.unix();
        lines.nat();
        lines.counts();
        lines.reports();
        status.getLimitsList().forEach(limit -> lines.line("unseen", Text.safe(limit)));
        return lines.text.toString();
    }

    private void who() {
        line(
                "host",
                Text.safe(status.getHostName()) + ", agent with pid " + status.getPid() + ", running for "
                        + since(status.getStartedAtMillis()));
        if (Duration.between(Instant.ofEpochMilli(status.getWrittenAtMillis()), now)
                        .toSeconds()
                > SILENT_SECONDS) {
            line("", "it has said nothing for " + since(status.getWrittenAtMillis()) + "; its log may say why");
        }
    }

    /** The rung in use, then each better one with what stands in its way. */
    private void rungs() {
        line("rung", label(status.getRung()));
        List<Probe> better = new ArrayList<>();
        for (Probe each : status.getProbesList()) {
            if (each.getRung() == status.getRung()) {
                break;
            }
            better.add(each);
        }
        if (better.isEmpty()) {
            line("", "there is no better one");
        }
        better.forEach(each -> line("", "better: " + label(each.getRung()) + ", " + outcome(each)));
    }

    private void unix() {
        if (!status.getUnix().isEmpty()) {
            line("unix", Text.safe(status.getUnix()));
        }
    }

    private void nat() {
        if (!status.getNat().isEmpty()) {
            line("nat", Text.safe(status.getNat()));
        }
    }

    private static String outcome(Probe probe) {
        String because = probe.getBecause().isEmpty() ? "" : ": " + Text.safe(probe.getBecause());
        return switch (probe.getOutcome()) {
            case OUTCOME_SUPPORTED -> "to be had; leave --rung out to climb";
            case OUTCOME_UNSUPPORTED -> "not to be had" + because;
            case OUTCOME_COULD_NOT_TELL, OUTCOME_UNSPECIFIED, UNRECOGNIZED -> "could not be tried" + because;
        };
    }

    private void counts() {
        line(
                "now",
                count(status.getConnections(), "connection") + " in " + count(status.getFlows(), "flow")
                        + (status.getUnseenPeers() == 0
                                ? ""
                                : "; " + count(status.getUnseenPeers(), "UDP socket") + " with unseen peers"));
        line(
                "capture",
                count(status.getSeen(), "socket") + " seen in " + count(status.getPolls(), "poll")
                        + (status.getFailedPolls() == 0 ? "" : ", " + status.getFailedPolls() + " of them failed"));
        line("lost", status.getLost() + " by the kernel, " + status.getDropped() + " dropped by the agent");
        if (status.getRung() == Rung.RUNG_EBPF || status.getRung() == Rung.RUNG_EBPF_TCP) {
            line("check", checked(status.getUnaccounted()));
        }
        line(
                "unknown",
                "the process of " + count(status.getUnknownOwner(), "connection")
                        + (status.getUnreadableProcesses() == 0
                                ? ""
                                : "; " + count(status.getUnreadableProcesses(), "process", "processes")
                                        + " could not be read"));
    }

    /** What comparing with the kernel's own counters of the network stack found. */
    private static String checked(long unaccounted) {
        return unaccounted == 0
                ? "every connection the kernel counted was told"
                : count(unaccounted, "connection") + " that the kernel counted " + (unaccounted == 1 ? "was" : "were")
                        + " not told";
    }

    private void reports() {
        line(
                "spool",
                count(status.getSpoolReports(), "report") + " waiting, " + mebi(status.getSpoolBytes()) + " of "
                        + mebi(status.getSpoolBytesMax()) + " MiB on disk"
                        + (status.getReportsDropped() == 0
                                ? ""
                                : ", " + count(status.getReportsDropped(), "report") + " dropped"));
        line(
                "server",
                Text.safe(status.getServer()) + ", "
                        + (status.getLastAcknowledgedAtMillis() == 0
                                ? "no report acknowledged yet"
                                : count(status.getReportsAcknowledged(), "report") + " acknowledged, the last "
                                        + since(status.getLastAcknowledgedAtMillis()) + " ago"));
        if (!status.getLastError().isEmpty()) {
            line("error", Text.safe(status.getLastError()));
        }
    }

    private void line(String label, String words) {
        text.append(Text.wrapped(String.format("%-" + LABEL_COLUMNS + "s", label), words, columns));
    }

    private String since(long millis) {
        return Moments.lasting(Duration.between(Instant.ofEpochMilli(millis), now));
    }

    private static String label(Rung rung) {
        return switch (rung) {
            case RUNG_EBPF -> "ebpf";
            case RUNG_EBPF_TCP -> "ebpf-tcp";
            case RUNG_SOCK_DIAG -> "sock_diag";
            case RUNG_PROC -> "proc";
            case RUNG_UNSPECIFIED, UNRECOGNIZED -> "unknown to this command";
        };
    }

    private static String count(long count, String one) {
        return count(count, one, one + "s");
    }

    private static String count(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }

    private static String mebi(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / 1_048_576.0);
    }
}
