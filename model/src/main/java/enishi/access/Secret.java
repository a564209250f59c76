package enishi.access;

import enishi.model.HostId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The server's secret, and the tokens it stands behind: {@code enishi.agent.HOSTID.MAC} and {@code enishi.viewer.MAC}.
 * The MAC is the HMAC-SHA256 (RFC 2104) of everything before it, in hexadecimal. Whoever holds the secret can check any
 * token without keeping a list.
 */
public final class Secret {
    private static final int BYTES = 32;
    private static final String AGENT = "enishi.agent.";
    private static final String VIEWER = "enishi.viewer";
    private final byte[] key;

    private Secret(byte[] key) {
        this.key = key.clone();
    }

    public static Secret random() {
        byte[] key = new byte[BYTES];
        new SecureRandom().nextBytes(key);
        return new Secret(key);
    }

    /** Parses what {@link #text()} wrote. @throws IllegalArgumentException if it is no 32 bytes in hexadecimal */
    public static Secret parse(String text) {
        byte[] key = HexFormat.of().parseHex(text.strip());
        if (key.length != BYTES) {
            throw new IllegalArgumentException("a secret has 32 bytes, not " + key.length);
        }
        return new Secret(key);
    }

    /** For the 0600 file; never for a log. */
    public String text() {
        return HexFormat.of().formatHex(key);
    }

    public String token(Identity identity) {
        String claim =
                switch (identity) {
                    case Identity.Agent agent -> AGENT + agent.host();
                    case Identity.Viewer viewer -> VIEWER;
                };
        return claim + "." + HexFormat.of().formatHex(mac(claim));
    }

    /** Who holds this token, or empty if it was not made under this secret. Takes the same time for any MAC. */
    public Optional<Identity> check(String token) {
        int dot = token.lastIndexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        String claim = token.substring(0, dot);
        byte[] stated = token.substring(dot + 1).getBytes(StandardCharsets.US_ASCII);
        byte[] right = HexFormat.of().formatHex(mac(claim)).getBytes(StandardCharsets.US_ASCII);
        if (!MessageDigest.isEqual(right, stated)) {
            return Optional.empty();
        }
        return claim.equals(VIEWER)
                ? Optional.of(new Identity.Viewer())
                : Optional.of(new Identity.Agent(HostId.parse(claim.substring(AGENT.length()))));
    }

    /**
     * The host an agent's token speaks for, read without checking it: what the agent itself may learn from its token.
     */
    public static Optional<HostId> hostOf(String token) {
        int dot = token.lastIndexOf('.');
        if (!token.startsWith(AGENT) || dot <= AGENT.length()) {
            return Optional.empty();
        }
        try {
            return Optional.of(HostId.parse(token.substring(AGENT.length(), dot)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private byte[] mac(String claim) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(claim.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
