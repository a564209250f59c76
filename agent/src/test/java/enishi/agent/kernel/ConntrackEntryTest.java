package enishi.agent.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.kernel.ConntrackEntry.Reading;
import enishi.model.Address;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One message about a tracked connection, as net/netfilter/nf_conntrack_netlink.c writes it. */
class ConntrackEntryTest {
    private static final int AT = 16;
    private static final int NESTED = 0x8000;

    private static byte[] attribute(int type, byte[]... parts) {
        int bytes = 0;
        for (byte[] each : parts) {
            bytes += (each.length + 3) & ~3;
        }
        int last = parts[parts.length - 1].length;
        int length = 4 + bytes - ((last + 3) & ~3) + last;
        ByteBuffer buffer = ByteBuffer.allocate(4 + bytes).order(ByteOrder.nativeOrder());
        buffer.putShort((short) length).putShort((short) type);
        for (byte[] each : parts) {
            buffer.put(each).position((buffer.position() + 3) & ~3);
        }
        return buffer.array();
    }

    private static byte[] port(int port) {
        return new byte[] {(byte) (port >> 8), (byte) port};
    }

    private static byte[] tuple(int type, int protocol, String source, String destination, int from, int to) {
        Address first = Address.parse(source);
        int family = first.isV4() ? 0 : 2;
        return attribute(
                type | NESTED,
                attribute(
                        Linux.CTA_TUPLE_IP | NESTED,
                        attribute(Linux.CTA_IP_V4_SRC + family, first.bytes()),
                        attribute(
                                Linux.CTA_IP_V4_DST + family,
                                Address.parse(destination).bytes())),
                attribute(
                        Linux.CTA_TUPLE_PROTO | NESTED,
                        attribute(Linux.CTA_PROTO_NUM, new byte[] {(byte) protocol}),
                        attribute(Linux.CTA_PROTO_SRC_PORT, port(from)),
                        attribute(Linux.CTA_PROTO_DST_PORT, port(to))));
    }

    private static byte[] message(byte[]... attributes) {
        ByteBuffer buffer = ByteBuffer.allocate(1024).put(new byte[Linux.NFGENMSG_BYTES]);
        for (byte[] each : attributes) {
            buffer.put(each);
        }
        byte[] message = new byte[buffer.position()];
        buffer.flip().get(message);
        return message;
    }

    private static Reading read(byte[] message, int bytes) {
        ReceivedWords words = new ReceivedWords();
        MemorySegment.copy(message, 0, words.memory, JAVA_BYTE, AT, bytes);
        words.take(AT + bytes);
        return ConntrackEntry.read(words, AT, bytes);
    }

    private static Reading read(byte[] message) {
        return read(message, message.length);
    }

    private static byte[] published() {
        return message(
                tuple(Linux.CTA_TUPLE_ORIG, 6, "10.0.0.9", "10.0.0.1", 41_000, 8080),
                tuple(Linux.CTA_TUPLE_REPLY, 6, "172.17.0.2", "172.17.0.1", 80, 41_000));
    }

    @Test
    void bothDirectionsTellWhatWasTranslated() {
        ConntrackEntry entry = new ConntrackEntry(
                6,
                Address.parse("10.0.0.9"),
                Address.parse("10.0.0.1"),
                8080,
                Address.parse("172.17.0.2"),
                80,
                Address.parse("172.17.0.1"));
        assertThat(read(published())).isEqualTo(new Reading.Entry(entry));
        assertThat(entry.isTranslated()).isTrue();
    }

    @Test
    void theEphemeralPortAloneIsNoTranslation() {
        Reading reading = read(message(
                tuple(Linux.CTA_TUPLE_ORIG, 17, "2001:db8::9", "2001:db8::1", 41_000, 53),
                tuple(Linux.CTA_TUPLE_REPLY, 17, "2001:db8::1", "2001:db8::9", 53, 1_024)));
        assertThat(reading)
                .isInstanceOfSatisfying(
                        Reading.Entry.class,
                        each -> assertThat(each.entry().isTranslated()).isFalse());
    }

    @Test
    void aProtocolWithoutPortsIsPassedOver() {
        Reading reading = read(message(
                tuple(Linux.CTA_TUPLE_ORIG, 1, "10.0.0.9", "10.0.0.1", 0, 0),
                tuple(Linux.CTA_TUPLE_REPLY, 1, "10.0.0.1", "10.0.0.9", 0, 0)));
        assertThat(reading).isEqualTo(new Reading.OtherProtocol());
    }

    @Test
    void directionsOfTwoProtocolsAreMalformed() {
        Reading reading = read(message(
                tuple(Linux.CTA_TUPLE_ORIG, 6, "10.0.0.9", "10.0.0.1", 1, 2),
                tuple(Linux.CTA_TUPLE_REPLY, 17, "10.0.0.1", "10.0.0.9", 2, 1)));
        assertThat(reading).isEqualTo(new Reading.Malformed());
    }

    @Test
    void whatIsCutAnywhereIsMalformed() {
        byte[] whole = published();
        for (int bytes = 0; bytes < whole.length; bytes += 4) {
            assertThat(read(whole, bytes)).as(bytes + " bytes").isEqualTo(new Reading.Malformed());
        }
    }

    @Test
    void nothingIsThrownOnAnyBytes() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] message = published();
            for (int change = random.nextInt(8); change >= 0; change--) {
                message[random.nextInt(message.length)] = (byte) random.nextInt(256);
            }
            assertThat(read(message, random.nextInt(message.length / 4 + 1) * 4))
                    .isNotNull();
        }
    }
}
