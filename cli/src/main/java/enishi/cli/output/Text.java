package enishi.cli.output;

import org.jspecify.annotations.Nullable;

/** Text from hosts on its way to a terminal or file: any local user may have chosen it. */
public final class Text {
    private static final int COLUMNS_LEAST = 40;
    private static final int TAG_FIRST = 0xE0000;

    private Text() {}

    /**
     * Printable characters as they are; a backslash doubled; everything else as {@code \xNN}, {@code \}{@code uNNNN} or
     * {@code \UNNNNNNNN}. No terminal obeys it, nothing in it turns the direction of writing, and it can be read back.
     */
    public static String safe(String hostile) {
        StringBuilder text = new StringBuilder(hostile.length());
        hostile.codePoints().forEach(each -> {
            if (each == '\\') {
                text.append("\\\\");
            } else if (isPlain(each)) {
                text.appendCodePoint(each);
            } else {
                text.append(String.format(each < 0x100 ? "\\x%02x" : each < 0x10000 ? "\\u%04x" : "\\U%08x", each));
            }
        });
        return text.toString();
    }

    /** JSON in which no string holds what a terminal would obey: such characters as {@code \}{@code uNNNN}. */
    public static String safeJson(String json) {
        StringBuilder text = new StringBuilder(json.length());
        json.codePoints().forEach(each -> {
            if (isPlain(each) || each == '\n' || each == '\r' || each == '\t') {
                text.appendCodePoint(each);
            } else {
                for (char half : Character.toChars(each)) {
                    text.append(String.format("\\u%04x", (int) half));
                }
            }
        });
        return text.toString();
    }

    private static boolean isPlain(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    public static String orUnknown(@Nullable String known) {
        return known == null ? "?" : safe(known);
    }

    /** An address as it stands before a colon and a port: IPv6 in brackets. */
    public static String bracketed(String address) {
        return address.indexOf(':') >= 0 ? "[" + safe(address) + "]" : safe(address);
    }

    /** Columns a terminal takes for this text. */
    public static int width(String text) {
        return text.codePoints().map(Text::columns).sum();
    }

    /** Two for wide East Asian characters and pictographs (Unicode TR11, roughly), none for marks that combine. */
    private static int columns(int codePoint) {
        int type = Character.getType(codePoint);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        boolean wide = Character.isIdeographic(codePoint)
                || isBetween(codePoint, 0x1100, 0x115F)
                || isBetween(codePoint, 0x2E80, 0x303E)
                || isBetween(codePoint, 0x3041, 0x33FF)
                || isBetween(codePoint, 0xA960, 0xA97C)
                || isBetween(codePoint, 0xAC00, 0xD7A3)
                || isBetween(codePoint, 0xFE30, 0xFE6F)
                || isBetween(codePoint, 0xFF01, 0xFF60)
                || isBetween(codePoint, 0xFFE0, 0xFFE6)
                || isBetween(codePoint, 0x1F300, TAG_FIRST - 1);
        return wide ? 2 : 1;
    }

    private static boolean isBetween(int codePoint, int first, int last) {
        return codePoint >= first && codePoint <= last;
    }

    /** At most so many columns, cut with an ellipsis. */
    static String cut(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        StringBuilder kept = new StringBuilder();
        int used = 1;
        for (int each : text.codePoints().toArray()) {
            used += columns(each);
            if (used > columns) {
                break;
            }
            kept.appendCodePoint(each);
        }
        return kept.append('…').toString();
    }

    /** Columns to print in: what the launcher measured or the caller set in COLUMNS; without it nothing is cut. */
    public static int columnsOfTerminal() {
        return columns(System.getenv("COLUMNS"));
    }

    static int columns(@Nullable String stated) {
        try {
            int columns = stated == null ? 0 : Integer.parseInt(stated);
            return columns <= 0 ? Integer.MAX_VALUE : Math.max(COLUMNS_LEAST, columns);
        } catch (NumberFormatException e) {
            return Integer.MAX_VALUE;
        }
    }

    /** A label and its words, broken between words so that each line fits and all begin in the same column. */
    public static String wrapped(String label, String words, int columns) {
        String indent = " ".repeat(width(label));
        StringBuilder text = new StringBuilder();
        StringBuilder line = new StringBuilder(label);
        boolean fresh = true;
        for (String word : words.split(" ", -1)) {
            if (!fresh && width(line.toString()) + 1 + width(word) > columns) {
                text.append(line.toString().stripTrailing()).append('\n');
                line = new StringBuilder(indent);
                fresh = true;
            }
            line.append(fresh ? "" : " ").append(word);
            fresh = false;
        }
        return text.append(line.toString().stripTrailing()).append('\n').toString();
    }
}
