package enishi.cli;

import org.jspecify.annotations.Nullable;

/** Text from hosts on its way to a terminal or file: any local user may have chosen it. */
final class Text {
    private Text() {}

    /** Printable as it is, everything else as {@code \xNN} or {@code \}{@code uNNNN}: no terminal obeys it. */
    static String safe(String hostile) {
        StringBuilder text = new StringBuilder(hostile.length());
        hostile.codePoints().forEach(each -> {
            int type = Character.getType(each);
            boolean plain = type != Character.CONTROL
                    && type != Character.FORMAT
                    && type != Character.SURROGATE
                    && type != Character.LINE_SEPARATOR
                    && type != Character.PARAGRAPH_SEPARATOR;
            if (plain) {
                text.appendCodePoint(each);
            } else {
                text.append(each < 0x100 ? String.format("\\x%02x", each) : String.format("\\u%04x", each));
            }
        });
        return text.toString();
    }

    static String orUnknown(@Nullable String known) {
        return known == null ? "?" : safe(known);
    }

    /** Columns a terminal takes for this text; wide East Asian characters take two. */
    static int width(String text) {
        return text.codePoints().map(each -> isWide(each) ? 2 : 1).sum();
    }

    /** Ideographs, kana, Hangul syllables, full-width forms and pictographs (Unicode TR11, roughly). */
    private static boolean isWide(int codePoint) {
        return Character.isIdeographic(codePoint)
                || (codePoint >= 0x3040 && codePoint <= 0x30FF)
                || (codePoint >= 0xAC00 && codePoint <= 0xD7A3)
                || (codePoint >= 0xFF00 && codePoint <= 0xFF60)
                || codePoint >= 0x1F300;
    }

    /** At most so many columns, cut with an ellipsis. */
    static String cut(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        StringBuilder kept = new StringBuilder();
        int used = 1;
        for (int each : text.codePoints().toArray()) {
            used += isWide(each) ? 2 : 1;
            if (used > columns) {
                break;
            }
            kept.appendCodePoint(each);
        }
        return kept.append('…').toString();
    }
}
