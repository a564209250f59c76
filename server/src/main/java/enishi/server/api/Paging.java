package enishi.server.api;

import enishi.model.Window;
import io.helidon.http.Status;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/**
 * A long list in pages. A cursor holds the window of the first page and which item came last, not how many: a list that
 * grows meanwhile repeats nothing and leaves nothing out.
 */
final class Paging {
    private static final int CURSOR_BYTES = 32;

    private Paging() {}

    /**
     * An item of a list.
     *
     * @param identity what tells it from every other of the list; its text is the same each time
     */
    record Item<T>(T value, Object identity) {}

    /** A part of a list. */
    record Page<T>(
            List<T> items,
            @org.jspecify.annotations.Nullable String next) {}

    /**
     * Where a list goes on.
     *
     * @param window the window of the question, whatever its times mean by now
     * @param last stands for the item before
     */
    record Cursor(Window window, long last) {

        static Cursor parse(String text) {
            try {
                byte[] bytes = Base64.getUrlDecoder().decode(text);
                if (bytes.length == CURSOR_BYTES) {
                    ByteBuffer in = ByteBuffer.wrap(bytes);
                    Instant from = Instant.ofEpochSecond(in.getLong(), in.getInt());
                    return new Cursor(new Window(from, Instant.ofEpochSecond(in.getLong(), in.getInt())), in.getLong());
                }
            } catch (IllegalArgumentException | DateTimeException e) {
                throw unknown();
            }
            throw unknown();
        }

        String text() {
            ByteBuffer out = ByteBuffer.allocate(CURSOR_BYTES);
            put(out, window.from());
            put(out, window.to());
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(out.putLong(last).array());
        }

        private static void put(ByteBuffer out, Instant moment) {
            out.putLong(moment.getEpochSecond()).putInt(moment.getNano());
        }
    }

    /** The items after the cursor, or the first ones, at most so many. */
    static <T> Page<T> page(Window window, List<Item<T>> all, Parameters parameters) {
        int from = parameters.cursor().map(cursor -> after(cursor, all)).orElse(0);
        int to = Math.min(from + parameters.limit(), all.size());
        String next = to < all.size() ? new Cursor(window, mark(all.get(to - 1).identity())).text() : null;
        return new Page<>(all.subList(from, to).stream().map(Item::value).toList(), next);
    }

    private static <T> int after(Cursor cursor, List<Item<T>> all) {
        for (int i = 0; i < all.size(); i++) {
            if (mark(all.get(i).identity()) == cursor.last()) {
                return i + 1;
            }
        }
        throw new Refusal(
                Status.BAD_REQUEST_400,
                "'cursor' names an item that is not in this list, or no longer; ask again from the start without it");
    }

    private static long mark(Object identity) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] text = identity.toString().getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.wrap(digest.digest(text)).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    private static Refusal unknown() {
        return new Refusal(Status.BAD_REQUEST_400, "'cursor' is not one of this server's; copy 'next' as it was given");
    }
}
