package enishi.agent.capture;

import enishi.model.Address;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a name server answered: a name and the addresses it stands for (RFC 1035, section 4; RFC 3596). Whoever sends it
 * may be hostile and the message may be cut: what cannot be read ends the reading, and a name of other than letters,
 * digits, hyphens and underscores is none.
 *
 * @param name as it was asked for, in lower case
 */
record DnsAnswer(String name, List<Address> addresses) {
    private static final int NAME_CHARS_MAX = 253;
    private static final int RECORDS_MAX = 64;
    private static final int LABELS_MAX = 128;
    private static final int ANSWER = 0x8000;
    private static final int OPCODE_AND_RCODE = 0x780f;
    private static final int INTERNET = 1;
    private static final int A = 1;
    private static final int AAAA = 28;
    private static final int POINTER = 0xc0;

    /** Empty if it answers no question for the addresses of one name, or in vain. */
    static Optional<DnsAnswer> of(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message);
        try {
            in.getShort();
            int flags = Short.toUnsignedInt(in.getShort());
            int questions = Short.toUnsignedInt(in.getShort());
            int answers = Short.toUnsignedInt(in.getShort());
            in.getInt();
            if ((flags & ANSWER) == 0 || (flags & OPCODE_AND_RCODE) != 0 || questions != 1) {
                return Optional.empty();
            }
            Optional<String> name = name(in);
            int type = Short.toUnsignedInt(in.getShort());
            boolean internet = in.getShort() == INTERNET;
            if (name.isEmpty() || !internet || (type != A && type != AAAA)) {
                return Optional.empty();
            }
            List<Address> addresses = addresses(in, Math.min(answers, RECORDS_MAX));
            return addresses.isEmpty() ? Optional.empty() : Optional.of(new DnsAnswer(name.get(), addresses));
        } catch (BufferUnderflowException e) {
            return Optional.empty();
        }
    }

    /** A name written out, as that of a question is. */
    private static Optional<String> name(ByteBuffer in) {
        StringBuilder name = new StringBuilder();
        int length = Byte.toUnsignedInt(in.get());
        while (length != 0) {
            if (length >= POINTER || name.length() + length > NAME_CHARS_MAX) {
                return Optional.empty();
            }
            name.append(name.isEmpty() ? "" : ".");
            for (int i = 0; i < length; i++) {
                char each = (char) Byte.toUnsignedInt(in.get());
                boolean upper = each >= 'A' && each <= 'Z';
                boolean plain = (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9');
                if (!upper && !plain && each != '-' && each != '_') {
                    return Optional.empty();
                }
                name.append(upper ? (char) (each + 'a' - 'A') : each);
            }
            length = Byte.toUnsignedInt(in.get());
        }
        return name.isEmpty() ? Optional.empty() : Optional.of(name.toString());
    }

    /** Those of as many records as can be read. */
    private static List<Address> addresses(ByteBuffer in, int records) {
        List<Address> found = new ArrayList<>();
        try {
            for (int i = 0; i < records; i++) {
                skipName(in);
                int type = Short.toUnsignedInt(in.getShort());
                int kind = Short.toUnsignedInt(in.getShort());
                in.getInt();
                byte[] data = new byte[Short.toUnsignedInt(in.getShort())];
                if (data.length > in.remaining()) {
                    return found;
                }
                in.get(data);
                if (kind == INTERNET && ((type == A && data.length == 4) || (type == AAAA && data.length == 16))) {
                    found.add(Address.of(data));
                }
            }
        } catch (BufferUnderflowException e) {
            return found; // the rest of the message was not told
        }
        return found;
    }

    private static void skipName(ByteBuffer in) {
        for (int i = 0; i < LABELS_MAX; i++) {
            int length = Byte.toUnsignedInt(in.get());
            if (length == 0) {
                return;
            }
            if (length >= POINTER) {
                in.get();
                return;
            }
            if (length > in.remaining()) {
                throw new BufferUnderflowException();
            }
            in.position(in.position() + length);
        }
        throw new BufferUnderflowException();
    }
}
