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
}
