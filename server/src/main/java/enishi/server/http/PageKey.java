package enishi.server.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The key with which the page is opened: it stands in {@code server.url}, opens once, and is then exchanged for a
 * cookie. A fresh key takes its place.
 */
public final class PageKey {
    private static final int COOKIES_MAX = 100;
    private final SecureRandom random = new SecureRandom();
    private final KeyWriter writer;
    private final Set<String> cookies = Collections.newSetFromMap(Collections.synchronizedMap(new Bounded()));
    private String key = "";

    /** Where a fresh key is written for the user to find. */
    public interface KeyWriter {
        void write(String key) throws IOException;
    }

    /** The oldest cookie gives way. */
    private static final class Bounded extends LinkedHashMap<String, Boolean> {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > COOKIES_MAX;
        }
    }

    public PageKey(KeyWriter writer) {
        this.writer = writer;
    }

    /** Makes the first key, or the next. Where it cannot be written, the one before stays. */
    public synchronized void renew() throws IOException {
        String next = fresh();
        try {
            writer.write(next);
        } catch (IOException e) {
            throw new IOException("writing the page's key failed: " + e.getMessage(), e);
        }
        key = next;
    }

    /** A cookie in exchange for the key, once. */
    public synchronized Optional<String> exchange(String shown) {
        if (key.isEmpty() || !MessageDigest.isEqual(bytes(key), bytes(shown))) {
            return Optional.empty();
        }
        try {
            renew();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String cookie = fresh();
        cookies.add(cookie);
        return Optional.of(cookie);
    }

    boolean knows(String cookie) {
        return cookies.contains(cookie);
    }

    private String fresh() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}
