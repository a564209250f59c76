package enishi.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.wire.v1.AgentStatus;
import enishi.wire.v1.Probe;
import enishi.wire.v1.Rung;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AgentLinesTest {
    private static final long NOON = Samples.NOON.toEpochMilli();

    private static AgentStatus.Builder healthy() {
        return AgentStatus.newBuilder()
                .setPid(4711)
                .setHostName("web1")
                .setStartedAtMillis(NOON - 7_500_000)
                .setWrittenAtMillis(NOON - 1_000)
                .setRung(Rung.RUNG_SOCK_DIAG)
                .addProbes(
                        probe(Rung.RUNG_EBPF, Probe.Outcome.OUTCOME_UNSUPPORTED, "no BTF at /sys/kernel/btf/vmlinux"))
                .addProbes(probe(Rung.RUNG_EBPF_TCP, Probe.Outcome.OUTCOME_COULD_NOT_TELL, "bpf(2) said EPERM"))
                .addProbes(probe(Rung.RUNG_SOCK_DIAG, Probe.Outcome.OUTCOME_SUPPORTED, ""))
                .addProbes(probe(Rung.RUNG_PROC, Probe.Outcome.OUTCOME_SUPPORTED, ""))
                .setServer("https://enishi.example.org:4649")
                .setPolls(7_500)
                .setSeen(123_456)
                .setConnections(1)
                .setFlows(12)
                .setUnix("polled: this rung has no programs in the kernel")
                .setSpoolBytesMax(64L << 20)
                .setReportsAcknowledged(502)
                .setLastAcknowledgedAtMillis(NOON - 4_000);
    }

    private static Probe probe(Rung rung, Probe.Outcome outcome, String because) {
        return Probe.newBuilder()
                .setRung(rung)
                .setOutcome(outcome)
                .setBecause(because)
                .build();
    }

    private static String lines(AgentStatus status) {
        return AgentLines.of(status, Instant.ofEpochMilli(NOON), 80);
    }

    @Test
    void aHealthyAgentSaysHowToClimb() {
        assertThat(lines(healthy().build())).isEqualTo("""
                host     web1, agent with pid 4711, running for 2 h 5 min
                rung     sock_diag
                         better: ebpf, not to be had: no BTF at /sys/kernel/btf/vmlinux
                         better: ebpf-tcp, could not be tried: bpf(2) said EPERM
                unix     polled: this rung has no programs in the kernel
                now      1 connection in 12 flows
                capture  123456 sockets seen in 7500 polls
                lost     0 by the kernel, 0 dropped by the agent
                unknown  the process of 0 connections
                spool    0 reports waiting, 0.0 of 64.0 MiB on disk
                server   https://enishi.example.org:4649, 502 reports acknowledged, the last 4 s
                         ago
                """);
    }

    @Test
    void aTroubledAgentSaysWhatIsLostAndWhy() {
        AgentStatus status = healthy()
                .setHostName("web\u001B[31m1")
                .setWrittenAtMillis(NOON - 100_000)
                .setRung(Rung.RUNG_PROC)
                .setUnix("unseen: \u001B[2J")
                .setFailedPolls(2)
                .setLost(17)
                .setDropped(3)
                .setUnknownOwner(1)
                .setUnreadableProcesses(90)
                .setUnseenPeers(4)
                .setSpoolReports(1)
                .setSpoolBytes(3L << 19)
                .setReportsDropped(5)
                .setLastAcknowledgedAtMillis(0)
                .setLastError("the server at https://enishi.example.org:4649 does not answer (Connection refused)")
                .addLimits("Without root only your own processes have names; run the agent as root to see all.")
                .build();
        assertThat(lines(status)).isEqualTo("""
                host     web\\x1b[31m1, agent with pid 4711, running for 2 h 5 min
                         it has said nothing for 1 min 40 s; its log may say why
                rung     proc
                         better: ebpf, not to be had: no BTF at /sys/kernel/btf/vmlinux
                         better: ebpf-tcp, could not be tried: bpf(2) said EPERM
                         better: sock_diag, to be had; leave --rung out to climb
                unix     unseen: \\x1b[2J
                now      1 connection in 12 flows; 4 UDP sockets with unseen peers
                capture  123456 sockets seen in 7500 polls, 2 of them failed
                lost     17 by the kernel, 3 dropped by the agent
                unknown  the process of 1 connection; 90 processes could not be read
                spool    1 report waiting, 1.5 of 64.0 MiB on disk, 5 reports dropped
                server   https://enishi.example.org:4649, no report acknowledged yet
                error    the server at https://enishi.example.org:4649 does not answer
                         (Connection refused)
                unseen   Without root only your own processes have names; run the agent as root
                         to see all.
                """);
        assertThat(lines(status).lines()).allMatch(line -> Text.width(line) <= 80);
    }

    @Test
    void onlyARungThatChecksSaysWhatTheCheckFound() {
        assertThat(lines(healthy().setUnaccounted(7).build())).doesNotContain("check");
        assertThat(lines(healthy().setRung(Rung.RUNG_PROC).build())).doesNotContain("check");
        assertThat(lines(healthy().setRung(Rung.RUNG_EBPF_TCP).build()))
                .contains("\ncheck    every connection the kernel counted was told\n");
        assertThat(lines(healthy().setRung(Rung.RUNG_EBPF).setUnaccounted(1).build()))
                .contains("\ncheck    1 connection that the kernel counted was not told\n");
        assertThat(lines(healthy().setRung(Rung.RUNG_EBPF).setUnaccounted(7).build()))
                .contains("\ncheck    7 connections that the kernel counted were not told\n");
    }

    @Test
    void theBestRungHasNothingAboveIt() {
        assertThat(lines(healthy().setRung(Rung.RUNG_EBPF).build())).contains("there is no better one");
    }
}
