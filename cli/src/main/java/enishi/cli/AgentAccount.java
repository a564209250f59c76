package enishi.cli;

import enishi.settings.ExitCode;
import enishi.settings.Home;
import enishi.wire.v1.AgentStatus;
import enishi.wire.v1.Probe;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** The running agent's account of itself, as text. */
final class AgentAccount {
    private final Home home;

    AgentAccount(Home home) {
        this.home = home;
    }

    AgentStatus read() {
        AgentStatus status;
        try {
            status = AgentStatus.parseFrom(Files.readAllBytes(home.agentStatus()));
        } catch (AccessDeniedException e) {
            throw new Failure(
                    ExitCode.NOT_ALLOWED, "reading " + home.agentStatus() + " is not allowed; ask as its owner");
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.UNAVAILABLE,
                    "no agent runs on the state folder " + home.folder()
                            + "; start one with 'enishi up' or 'enishi agent'");
        }
        if (ProcessHandle.of(status.getPid()).isEmpty()) {
            throw new Failure(
                    ExitCode.UNAVAILABLE,
                    "the agent with pid " + status.getPid()
                            + " is gone without having said so; start it again, its spool is kept");
        }
        return status;
    }

    String text() {
        AgentStatus status = read();
        StringBuilder text = new StringBuilder();
        line(text, "host", Text.safe(status.getHostName()) + ", pid " + status.getPid());
        line(text, "rung", name(status.getRung().name()));
        status.getProbesList().forEach(probe -> line(text, "", probe(probe)));
        line(
                text,
                "capture",
                status.getPolls() + " polls (" + status.getFailedPolls() + " failed), " + status.getSeen()
                        + " sockets seen, " + status.getLost() + " lost");
        line(
                text,
                "now",
                status.getConnections() + " connections in " + status.getFlows() + " flows, " + status.getUnseenPeers()
                        + " UDP sockets with unseen peers");
        line(
                text,
                "unknown",
                status.getUnknownOwner() + " connections without a known process, " + status.getUnreadableProcesses()
                        + " unreadable processes, " + status.getDropped() + " facts dropped");
        line(
                text,
                "spool",
                status.getSpoolReports() + " reports waiting, " + status.getSpoolBytes() + " of "
                        + status.getSpoolBytesMax() + " bytes, " + status.getReportsDropped() + " reports dropped");
        line(
                text,
                "server",
                Text.safe(status.getServer()) + ", " + status.getReportsAcknowledged() + " reports acknowledged, last "
                        + ago(status.getLastAcknowledgedAtMillis()));
        if (!status.getLastError().isEmpty()) {
            line(text, "error", Text.safe(status.getLastError()));
        }
        status.getLimitsList().forEach(limit -> line(text, "limit", Text.safe(limit)));
        return text.toString();
    }

    private static String probe(Probe probe) {
        String outcome =
                name(probe.getOutcome().name()).substring("outcome_".length()).replace('_', ' ');
        return name(probe.getRung().name()) + ": " + outcome
                + (probe.getBecause().isEmpty() ? "" : ": " + Text.safe(probe.getBecause()));
    }

    private static String name(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace("rung_", "");
    }

    private static String ago(long millis) {
        return millis == 0
                ? "never"
                : Duration.between(Instant.ofEpochMilli(millis), Instant.now()).toSeconds() + " s ago";
    }

    private static void line(StringBuilder text, String label, String value) {
        text.append(String.format("%-8s %s%n", label, value));
    }
}
