package enishi.cli.output;

import java.util.ArrayList;
import java.util.List;

/** Rows under headings, as wide as the terminal at most: the widest columns are cut first. */
public final class Table {
    private static final int COLUMN_LEAST = 6;
    private static final int HEAD_LEAST = 4;
    private static final String BETWEEN = "  ";
    private final List<Column> columns;
    private final List<List<Cell>> rows = new ArrayList<>();

    /** A heading, and on which side its cells stand. */
    record Column(String heading, boolean right) {
        static Column text(String heading) {
            return new Column(heading, false);
        }

        static Column number(String heading) {
            return new Column(heading, true);
        }
    }

    /**
     * One value. When it must be cut, {@code head} gives way first, to a third of the room, then {@code middle}, and
     * {@code tail} only with everything: of host, program and port a reader misses the host's last letters least.
     */
    record Cell(String head, String middle, String tail) {
        static Cell of(String text) {
            return new Cell(text, "", "");
        }

        int width() {
            return Text.width(head) + Text.width(middle) + Text.width(tail);
        }

        String fit(int columns) {
            if (width() <= columns) {
                return head + middle + tail;
            }
            int room = columns - Text.width(tail);
            if (room < 2 * HEAD_LEAST) {
                return Text.cut(head + middle + tail, columns);
            }
            int least = Math.min(Text.width(head), Math.max(HEAD_LEAST, room / 3));
            String cutMiddle = Text.cut(middle, room - least);
            return Text.cut(head, room - Text.width(cutMiddle)) + cutMiddle + tail;
        }
    }

    Table(Column... columns) {
        this.columns = List.of(columns);
    }

    /** Adds a row; every text must be {@link Text#safe} already. */
    void row(Cell... cells) {
        rows.add(List.of(cells));
    }

    /** The table in so many columns. */
    public String render(int columnsMax) {
        int[] widths = widths(columnsMax);
        StringBuilder text = new StringBuilder();
        line(text, columns.stream().map(each -> Cell.of(each.heading())).toList(), widths);
        rows.forEach(row -> line(text, row, widths));
        return text.toString();
    }

    private int[] widths(int columnsMax) {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            int column = i;
            widths[i] = Math.max(
                    Text.width(columns.get(i).heading()),
                    rows.stream().mapToInt(row -> row.get(column).width()).max().orElse(0));
        }
        int room = columnsMax - BETWEEN.length() * (widths.length - 1);
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

    private void line(StringBuilder text, List<Cell> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i).fit(widths[i]);
            String padding = " ".repeat(Math.max(0, widths[i] - Text.width(cell)));
            line.append(i == 0 ? "" : BETWEEN);
            line.append(columns.get(i).right() ? padding + cell : cell + padding);
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }
}
