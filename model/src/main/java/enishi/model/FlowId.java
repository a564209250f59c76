package enishi.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * The key of a flow in the store: the first 64 bits of the SHA-256 of its identity. Anyone who holds a flow can compute
 * it, so neither agent nor ingest reads before it writes.
 */
public record FlowId(long value) {
    private static final int FIXED_BYTES = 16 + 8 + 16 + 16 + 2;

    public static FlowId of(Flow flow) {
        Program program = flow.program();
        @Nullable String[] texts = {
            flow.role().name(),
            flow.transport().name(),
            program == null ? null : program.name(),
            program == null ? null : program.service(),
            program == null ? null : program.container(),
            flow.name()
        };
        int parts = flow.name() == null ? texts.length - 1 : texts.length;
        byte[][] bytes = new byte[parts][];
        int size = FIXED_BYTES;
        for (int i = 0; i < parts; i++) {
            String text = texts[i];
            bytes[i] = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
            size += Integer.BYTES + bytes[i].length;
        }
        ByteBuffer identity = ByteBuffer.allocate(size);
        identity.putLong(flow.host().high()).putLong(flow.host().low()).putLong(flow.namespace());
        identity.putLong(flow.local().high()).putLong(flow.local().low());
        identity.putLong(flow.remote().high()).putLong(flow.remote().low());
        identity.putShort((short) flow.serverPort());
        for (int i = 0; i < parts; i++) {
            // length first, -1 for none, so that no two identities are the same bytes
            identity.putInt(texts[i] == null ? -1 : bytes[i].length).put(bytes[i]);
        }
        return new FlowId(ByteBuffer.wrap(sha256().digest(identity.array())).getLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
