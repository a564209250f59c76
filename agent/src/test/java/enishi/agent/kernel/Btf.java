package enishi.agent.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The structs of the running kernel, or of our programs, by their own description (Documentation/bpf/btf.rst). */
final class Btf {
    static final Path OF_THIS_KERNEL = Path.of("/sys/kernel/btf/vmlinux");
    private static final int MAGIC_AND_VERSION = 0x0001_eB9F;
    private static final int STRUCT = 4;
    private final ByteBuffer bytes;
    private final int strings;
    private final Map<String, Struct> structs = new HashMap<>();

    /**
     * A struct's size in bytes and the bit at which each named member begins, a member's own struct flattened as
     * {@code outer.inner} only where it has a name.
     */
    record Struct(int bytes, Map<String, Integer> memberBits) {
        int offset(String member) {
            return Optional.ofNullable(memberBits.get(member)).orElseThrow() / 8;
        }
    }

    private Btf(ByteBuffer bytes) {
        this.bytes = bytes.order(ByteOrder.nativeOrder());
        int types = bytes.getInt(4) + bytes.getInt(8);
        int typesEnd = types + bytes.getInt(12);
        strings = bytes.getInt(4) + bytes.getInt(16);
        int at = types;
        while (at < typesEnd) {
            at = type(at);
        }
    }

    static Btf read() throws IOException {
        return new Btf(ByteBuffer.wrap(Files.readAllBytes(OF_THIS_KERNEL)));
    }

    /** The types of a set of programs, as its committed blob holds them for the loader. */
    static Btf ofSet(String set) throws IOException {
        try (InputStream in = LightSkeleton.class.getResourceAsStream(set + ".data")) {
            ByteBuffer blob = ByteBuffer.wrap(Objects.requireNonNull(in).readAllBytes());
            blob.order(ByteOrder.nativeOrder());
            for (int at = 0; at + 24 < blob.limit(); at += 4) {
                if (blob.getInt(at) == MAGIC_AND_VERSION && blob.getInt(at + 4) == 24) {
                    return new Btf(blob.slice(at, blob.limit() - at));
                }
            }
        }
        throw new AssertionError("no BTF within " + set);
    }

    Struct struct(String name) {
        return Optional.ofNullable(structs.get(name)).orElseThrow();
    }

    /** One {@code struct btf_type} and what follows it. @return where the next begins */
    private int type(int at) {
        int info = bytes.getInt(at + 4);
        int count = info & 0xffff;
        int kind = (info >>> 24) & 0x1f;
        boolean bitFields = info < 0;
        int members = at + 12;
        if (kind == STRUCT && bytes.getInt(at) != 0) {
            Map<String, Integer> bits = new HashMap<>();
            for (int i = 0; i < count; i++) {
                int member = members + i * 12;
                int offset = bytes.getInt(member + 8);
                bits.put(name(bytes.getInt(member)), bitFields ? offset & 0xff_ffff : offset);
            }
            structs.putIfAbsent(name(bytes.getInt(at)), new Struct(bytes.getInt(at + 8), bits));
        }
        return members
                + switch (kind) {
                    case 1, 14, 17 -> 4; // integer, variable, declaration tag
                    case 3 -> 12; // array
                    case STRUCT, 5, 15, 19 -> 12 * count; // struct, union, section, 64-bit enumeration
                    case 6, 13 -> 8 * count; // enumeration, function prototype
                    default -> 0;
                };
    }

    private String name(int offset) {
        int from = strings + offset;
        int end = from;
        while (bytes.get(end) != 0) {
            end++;
        }
        byte[] name = new byte[end - from];
        bytes.get(from, name);
        return new String(name, StandardCharsets.UTF_8);
    }
}
