package enishi.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows under headings, as wide as the terminal at most: the widest columns are cut first. */
final class Table {
    static final int WIDTH_MAX = 100;
    private static final int COLUMN_LEAST = 6;
    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headings) {
        this.headings = List.of(headings);
    }

    /** Adds a row; every text must be {@link Text#safe} already. */
    void row(String... cells) {
        rows.add(List.of(cells));
    }

    String render(int columns) {
        int[] widths = widths(columns);
        StringBuilder text = new StringBuilder();
        line(text, headings, widths);
        rows.forEach(row -> line(text, row, widths));
        return text.toString();
    }

    private int[] widths(int columns) {
        int[] widths = new int[headings.size()];
        for (int i = 0; i < widths.length; i++) {
            int column = i;
            widths[i] = Math.max(
                    Text.width(headings.get(i)),
                    rows.stream()
                            .mapToInt(row -> Text.width(row.get(column)))
                            .max()
                            .orElse(0));
        }
        int room = columns - 2 * (widths.length - 1);
        while (sum(widths) > room && widths[widest(widths)] > COLUMN_LEAST) {
            widths[widest(widths)]--;
        }
        return widths;
    }

    private static int sum(int[] widths) {
        int sum = 0;
        for (int width : widths) {
            sum += width;
        }
        return sum;
    }

    private static int widest(int[] widths) {
        int widest = 0;
        for (int i = 1; i < widths.length; i++) {
            widest = widths[i] > widths[widest] ? i : widest;
        }
        return widest;
    }

    private static void line(StringBuilder text, List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = Text.cut(cells.get(i), widths[i]);
            line.append(cell).append(" ".repeat(Math.max(0, widths[i] - Text.width(cell)) + 2));
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }
}
