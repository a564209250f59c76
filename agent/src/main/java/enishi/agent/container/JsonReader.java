package enishi.agent.container;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON that another program wrote. How deep values may lie within each other is bounded; how long the text is, is
 * bounded by who read it.
 */
final class JsonReader {
    private static final int DEPTH_MAX = 64;
    private final String text;
    private int at;

    private JsonReader(String text) {
        this.text = text;
    }

    /** @throws IOException if the text is not one JSON value, or one too deep */
    static Json read(String text) throws IOException {
        JsonReader reader = new JsonReader(text);
        Json json = reader.value(0);
        reader.skipBlanks();
        if (reader.at != text.length()) {
            throw reader.broken();
        }
        return json;
    }

    private Json value(int depth) throws IOException {
        if (depth > DEPTH_MAX) {
            throw broken();
        }
        skipBlanks();
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> new Json(string());
            default -> word();
        };
    }

    private Json object(int depth) throws IOException {
        at++;
        if (takes('}')) {
            return Json.NOTHING;
        }
        Map<String, Json> members = new HashMap<>();
        do {
            skipBlanks();
            String key = string();
            expect(':');
            members.put(key, value(depth + 1));
        } while (takes(','));
        expect('}');
        return new Json(members);
    }

    private Json array(int depth) throws IOException {
        at++;
        if (takes(']')) {
            return Json.NOTHING;
        }
        List<Json> items = new ArrayList<>();
        do {
            items.add(value(depth + 1));
        } while (takes(','));
        expect(']');
        return new Json(items);
    }

    /** A number, {@code true}, {@code false} or {@code null}: none of them names anything. */
    private Json word() throws IOException {
        int from = at;
        while (at < text.length() && "+-.0123456789truefalsnE".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        if (at == from) {
            throw broken();
        }
        return Json.NOTHING;
    }

    private String string() throws IOException {
        expect('"');
        StringBuilder read = new StringBuilder();
        while (peek() != '"') {
            char next = text.charAt(at++);
            read.append(next == '\\' ? escaped() : next);
        }
        at++;
        return read.toString();
    }

    private char escaped() throws IOException {
        char next = peek();
        at++;
        return switch (next) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            case '"', '\\', '/' -> next;
            default -> throw broken();
        };
    }

    private char unicode() throws IOException {
        if (at + 4 > text.length()) {
            throw broken();
        }
        try {
            char unit = (char) Integer.parseUnsignedInt(text, at, at + 4, 16);
            at += 4;
            return unit;
        } catch (NumberFormatException e) {
            throw new IOException(broken().getMessage(), e);
        }
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean takes(char wanted) {
        skipBlanks();
        boolean is = at < text.length() && text.charAt(at) == wanted;
        at += is ? 1 : 0;
        return is;
    }

    private void expect(char wanted) throws IOException {
        if (!takes(wanted)) {
            throw broken();
        }
    }

    private char peek() throws IOException {
        if (at >= text.length()) {
            throw broken();
        }
        return text.charAt(at);
    }

    private IOException broken() {
        return new IOException("what it tells is no JSON after " + at + " characters");
    }
}
