package enishi.agent.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One message about a unix socket, as net/unix/diag.c writes it. */
class UnixSocketTest {
    private static final int AT = 16;

    /** What a message holds, after a header that is not read here. */
    private static byte[] message(String name) {
        byte[] text = name.getBytes(StandardCharsets.ISO_8859_1);
        int padded = (text.length + 3) & ~3;
        return ByteBuffer.allocate(16 + 4 + padded + 12 + 8)
                .order(ByteOrder.nativeOrder())
                .put((byte) Linux.AF_UNIX)
                .put((byte) 1)
                .put((byte) 10)
                .put((byte) 0)
                .putInt(4_711)
                .putLong(99)
                .putShort((short) (4 + text.length))
                .putShort((short) Linux.UNIX_DIAG_NAME)
                .put(text)
                .put(new byte[padded - text.length])
                .putShort((short) 12)
                .putShort((short) Linux.UNIX_DIAG_VFS)
                .putInt(-2)
                .putInt(23)
                .putShort((short) 8)
                .putShort((short) Linux.UNIX_DIAG_PEER)
                .putInt(4_712)
                .array();
    }

    private static Optional<UnixSocket> read(byte[] message, int bytes) {
        ReceivedWords words = new ReceivedWords();
        MemorySegment.copy(message, 0, words.memory, JAVA_BYTE, AT, bytes);
        words.take(AT + bytes);
        return UnixSocket.read(words, AT, bytes);
    }

    @Test
    void everythingTheKernelSaysIsRead() {
        byte[] message = message("/run/a b\0");
        UnixSocket socket = read(message, message.length).orElseThrow();
        assertThat(socket.isListening()).isTrue();
        assertThat(socket.isDatagram()).isFalse();
        assertThat(socket.inode()).isEqualTo(4_711);
        assertThat(socket.cookie()).isEqualTo(99);
        assertThat(socket.peer()).isEqualTo(4_712);
        assertThat(socket.file()).isEqualTo(new SocketFile(23, 0xffff_fffeL));
        assertThat(new String(socket.name(), StandardCharsets.ISO_8859_1)).isEqualTo("/run/a b");
    }

    @Test
    void anAbstractNameKeepsEveryByte() {
        byte[] message = message("\0a\0\n\u001b");
        assertThat(read(message, message.length).orElseThrow().name()).containsExactly(0, 'a', 0, '\n', 27);
    }

    @Test
    void noTruncatedMessageThrowsOrReadsBeyondItsEnd() {
        for (String name : new String[] {"/x", "/" + "y".repeat(107), "\0z", ""}) {
            byte[] message = message(name);
            for (int bytes = 0; bytes < message.length; bytes++) {
                Optional<UnixSocket> socket = read(message, bytes);
                assertThat(socket.isPresent()).isEqualTo(bytes >= UnixSocket.MESSAGE_BYTES);
                assertThat(socket.map(UnixSocket::peer).orElse(0L)).isZero();
            }
        }
    }

    @Test
    void anAttributeThatSaysItIsLongerThanTheMessageIsNotRead() {
        byte[] message = message("/run/x\0");
        ByteBuffer.wrap(message).order(ByteOrder.nativeOrder()).putShort(16, Short.MAX_VALUE);
        assertThat(read(message, message.length).orElseThrow().name()).isEmpty();
    }
}
