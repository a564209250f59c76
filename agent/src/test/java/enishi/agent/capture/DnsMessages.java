package enishi.agent.capture;

import enishi.model.Address;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Answers of name servers as tests make them. */
final class DnsMessages {
    private DnsMessages() {}

    /** A name by way of an alias, then its addresses. */
    static byte[] answer(String name, String... addresses) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        boolean six = addresses.length > 0 && addresses[0].contains(":");
        all.writeBytes(
                new byte[] {0x12, 0x34, (byte) 0x81, (byte) 0x80, 0, 1, 0, (byte) (addresses.length + 1), 0, 0, 0, 0});
        name(all, name);
        all.writeBytes(new byte[] {0, (byte) (six ? 28 : 1), 0, 1});
        all.writeBytes(new byte[] {(byte) 0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 7}); // an alias
        name(all, "other");
        for (String each : addresses) {
            byte[] bytes = Address.parse(each).bytes();
            all.writeBytes(new byte[] {(byte) 0xc0, 12, 0, (byte) (bytes.length == 4 ? 1 : 28), 0, 1, 0, 0, 0, 60});
            all.writeBytes(new byte[] {0, (byte) bytes.length});
            all.writeBytes(bytes);
        }
        return all.toByteArray();
    }

    private static void name(ByteArrayOutputStream to, String name) {
        for (String label : name.split("\\.", -1)) {
            to.write(label.length());
            to.writeBytes(label.getBytes(StandardCharsets.ISO_8859_1));
        }
        to.write(0);
    }
}
