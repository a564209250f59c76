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

    public static FlowId of(Flow flow) {
        MessageDigest digest = sha256();
        Program program = flow.program();
        digest.update(flow.host().bytes());
        digest.update(ByteBuffer.allocate(8 + 16 + 16 + 2)
                .putLong(flow.namespace())
                .putLong(flow.local().high())
                .putLong(flow.local().low())
                .putLong(flow.remote().high())
                .putLong(flow.remote().low())
                .putShort((short) flow.serverPort())
                .array());
        text(digest, flow.role().name());
        text(digest, flow.transport().name());
        text(digest, program == null ? null : program.name());
        text(digest, program == null ? null : program.service());
        text(digest, program == null ? null : program.container());
        return new FlowId(ByteBuffer.wrap(digest.digest()).getLong());
    }

    /** Length first, -1 for none, so that no two identities share one encoding. */
    private static void text(MessageDigest digest, @Nullable String text) {
        byte[] bytes = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        digest.update(
                ByteBuffer.allocate(4).putInt(text == null ? -1 : bytes.length).array());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
