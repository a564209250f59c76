package enishi.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The offsets written down here are those of the running kernel. */
class LayoutTest {
    private static Btf btf() throws IOException {
        assumeThat(Files.isReadable(Btf.OF_THIS_KERNEL))
                .as("a kernel that describes its types (CONFIG_DEBUG_INFO_BTF, Linux 5.2)")
                .isTrue();
        return Btf.read();
    }

    @Test
    void aMessageAboutASocketIsLaidOutAsTheKernelSays() throws IOException {
        Btf.Struct message = btf().struct("inet_diag_msg");
        Btf.Struct id = btf().struct("inet_diag_sockid");
        assertThat(message.bytes()).isEqualTo(DiagSocket.MESSAGE_BYTES);
        assertThat(message.offset("idiag_family")).isEqualTo(DiagSocket.AT_FAMILY);
        assertThat(message.offset("idiag_state")).isEqualTo(DiagSocket.AT_STATE);
        assertThat(message.offset("idiag_inode")).isEqualTo(DiagSocket.AT_INODE);
        int at = message.offset("id");
        assertThat(at + id.offset("idiag_sport")).isEqualTo(DiagSocket.AT_LOCAL_PORT);
        assertThat(at + id.offset("idiag_dport")).isEqualTo(DiagSocket.AT_REMOTE_PORT);
        assertThat(at + id.offset("idiag_src")).isEqualTo(DiagSocket.AT_LOCAL);
        assertThat(at + id.offset("idiag_dst")).isEqualTo(DiagSocket.AT_REMOTE);
        assertThat(at + id.offset("idiag_cookie")).isEqualTo(DiagSocket.AT_COOKIE);
    }

    @Test
    void theCountersOfATcpSocketAreLaidOutAsTheKernelSays() throws IOException {
        Btf.Struct info = btf().struct("tcp_info");
        assertThat(info.offset("tcpi_unacked")).isEqualTo(DiagSocket.INFO_UNACKED);
        assertThat(info.offset("tcpi_rtt")).isEqualTo(DiagSocket.INFO_RTT);
        assertThat(info.offset("tcpi_total_retrans")).isEqualTo(DiagSocket.INFO_TOTAL_RETRANS);
        assertThat(info.offset("tcpi_bytes_acked")).isEqualTo(DiagSocket.INFO_BYTES_ACKED);
        assertThat(info.offset("tcpi_bytes_received")).isEqualTo(DiagSocket.INFO_BYTES_RECEIVED);
        assertThat(info.offset("tcpi_min_rtt")).isEqualTo(DiagSocket.INFO_MIN_RTT);
        assertThat(info.offset("tcpi_bytes_sent")).isEqualTo(DiagSocket.INFO_BYTES_SENT);
        assertThat(info.offset("tcpi_bytes_retrans")).isEqualTo(DiagSocket.INFO_BYTES_RETRANS);
        assertThat(info.offset("tcpi_bytes_retrans") + 8).isEqualTo(DiagSocket.INFO_BYTES_LEAST);
    }

    @Test
    void aFolderEntryIsLaidOutAsTheKernelSays() throws IOException {
        Btf.Struct entry = btf().struct("linux_dirent64");
        assertThat(entry.offset("d_reclen")).isEqualTo(NumberedEntries.AT_LENGTH);
        assertThat(entry.offset("d_name")).isEqualTo(NumberedEntries.AT_NAME);
    }

    @Test
    void whatTheKernelFoldsIsLaidOutAsOurProgramsSay() throws IOException {
        Btf programs = Btf.ofSet("ebpf");
        Btf.Struct flow = programs.struct("flow");
        assertThat(flow.bytes()).isEqualTo(FoldedFlow.FLOW_BYTES);
        assertThat(flow.offset("local")).isEqualTo(FoldedFlow.AT_LOCAL);
        assertThat(flow.offset("remote")).isEqualTo(FoldedFlow.AT_REMOTE);
        assertThat(flow.offset("started")).isEqualTo(FoldedFlow.AT_STARTED);
        assertThat(flow.offset("cgroup")).isEqualTo(FoldedFlow.AT_CGROUP);
        assertThat(flow.offset("namespace")).isEqualTo(FoldedFlow.AT_NAMESPACE);
        assertThat(flow.offset("pid")).isEqualTo(FoldedFlow.AT_PID);
        assertThat(flow.offset("server_port")).isEqualTo(FoldedFlow.AT_SERVER_PORT);
        assertThat(flow.offset("transport")).isEqualTo(FoldedFlow.AT_TRANSPORT);
        assertThat(flow.offset("role")).isEqualTo(FoldedFlow.AT_ROLE);
        assertThat(flow.offset("program")).isEqualTo(FoldedFlow.AT_PROGRAM);
        Btf.Struct counts = programs.struct("counts");
        assertThat(counts.bytes()).isEqualTo(FoldedFlow.COUNTS_BYTES);
        assertThat(counts.offset("sent")).isEqualTo(FoldedFlow.AT_SENT);
        assertThat(counts.offset("received")).isEqualTo(FoldedFlow.AT_RECEIVED);
        assertThat(counts.offset("opened")).isEqualTo(FoldedFlow.AT_OPENED);
        assertThat(counts.offset("closed")).isEqualTo(FoldedFlow.AT_CLOSED);
        assertThat(counts.offset("adopted")).isEqualTo(FoldedFlow.AT_ADOPTED);
        assertThat(counts.offset("failed")).isEqualTo(FoldedFlow.AT_FAILED);
        assertThat(counts.offset("datagrams_sent")).isEqualTo(FoldedFlow.AT_DATAGRAMS_SENT);
        assertThat(counts.offset("datagrams_received")).isEqualTo(FoldedFlow.AT_DATAGRAMS_RECEIVED);
        assertThat(counts.offset("retransmits")).isEqualTo(FoldedFlow.AT_RETRANSMITS);
        assertThat(counts.offset("rtt_us")).isEqualTo(FoldedFlow.AT_RTT);
        Btf.Struct holder = programs.struct("holder");
        assertThat(holder.bytes()).isEqualTo(SocketHolder.BYTES);
        assertThat(holder.offset("inode")).isEqualTo(SocketHolder.AT_INODE);
        assertThat(holder.offset("started")).isEqualTo(SocketHolder.AT_STARTED);
        assertThat(holder.offset("cgroup")).isEqualTo(SocketHolder.AT_CGROUP);
        assertThat(holder.offset("pid")).isEqualTo(SocketHolder.AT_PID);
        assertThat(holder.offset("program")).isEqualTo(SocketHolder.AT_PROGRAM);
        assertThat(programs.struct("losses").bytes()).isEqualTo(KernelFold.LOSSES * Long.BYTES);
        assertThat(programs.struct("left").bytes()).isEqualTo(KernelFold.LEFT * Long.BYTES);
        assertThat(programs.struct("left").offset("busy")).isZero();
        assertThat(programs.struct("config").bytes()).isEqualTo(KernelFold.CONFIG_BYTES);
        assertThat(programs.struct("config").offset("pid_namespace")).isEqualTo(KernelFold.AT_PID_NAMESPACE);
        assertThat(programs.struct("config").offset("refusals_since")).isEqualTo(KernelFold.AT_REFUSALS_SINCE);
    }

    @Test
    void whoAskedForAUnixSocketIsLaidOutAsOurProgramsSay() throws IOException {
        Btf.Struct asked = Btf.ofSet("unix").struct("unix_asked");
        assertThat(asked.bytes()).isEqualTo(UnixAsked.BYTES);
        assertThat(asked.offset("started")).isEqualTo(UnixAsked.AT_STARTED);
        assertThat(asked.offset("cgroup")).isEqualTo(UnixAsked.AT_CGROUP);
        assertThat(asked.offset("root")).isEqualTo(UnixAsked.AT_ROOT);
        assertThat(asked.offset("pid")).isEqualTo(UnixAsked.AT_PID);
        assertThat(asked.offset("namespace")).isEqualTo(UnixAsked.AT_NAMESPACE);
        assertThat(asked.offset("mounts")).isEqualTo(UnixAsked.AT_MOUNTS);
        assertThat(asked.offset("length")).isEqualTo(UnixAsked.AT_LENGTH);
        assertThat(asked.offset("datagram")).isEqualTo(UnixAsked.AT_DATAGRAM);
        assertThat(asked.offset("program")).isEqualTo(UnixAsked.AT_PROGRAM);
        assertThat(asked.offset("name")).isEqualTo(UnixAsked.AT_NAME);
    }

    @Test
    void aMessageAboutAUnixSocketIsLaidOutAsTheKernelSays() throws IOException {
        Btf.Struct message = btf().struct("unix_diag_msg");
        assertThat(message.bytes()).isEqualTo(UnixSocket.MESSAGE_BYTES);
        assertThat(message.offset("udiag_type")).isEqualTo(UnixSocket.AT_TYPE);
        assertThat(message.offset("udiag_state")).isEqualTo(UnixSocket.AT_STATE);
        assertThat(message.offset("udiag_ino")).isEqualTo(UnixSocket.AT_INODE);
        assertThat(message.offset("udiag_cookie")).isEqualTo(UnixSocket.AT_COOKIE);
    }
}
