package enishi.server.store.duckdb.tiers;

import enishi.model.Window;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What tables of each tier of one kind there are, and what of it is sealed: one snapshot. A slot of minute rows is an
 * hour of them, a slot of hour rows a day; both are numbered since the epoch.
 *
 * <p>An hour is sealed by the number of rows it was sealed from: where its minute rows have grown since, it is stale,
 * and so is its day.
 *
 * @param kind of what
 * @param minuteRows how many rows each slot of minute rows holds, by hour
 * @param sealedHours from how many minute rows each hour row was made, by hour
 * @param hourTables the days of which hour rows are kept: those of coverage always are
 * @param sealedDays from how many minute rows each day row was made, by day
 * @param joinedDays the days whose spans of processes go on from hour to hour
 */
public record Slots(
        Kind kind,
        NavigableMap<Long, Long> minuteRows,
        NavigableMap<Long, Long> sealedHours,
        NavigableSet<Long> hourTables,
        NavigableMap<Long, Long> sealedDays,
        NavigableSet<Long> joinedDays) {
    static final long MINUTES_AN_HOUR = 60;
    static final long HOURS_A_DAY = 24;
    static final String HOURS = "hour_";
    static final int JOINED = 3;
    private static final int COUNTED_AT_ONCE = 100;

    /** Those of flows, as the connection's transaction sees them. */
    public static Slots read(Connection from) throws SQLException {
        return read(from, Kind.FLOW);
    }

    /** Makes room for hour rows that tell all of an hour, of which there are no minute rows. */
    public static List<String> replaceHour(long hour) {
        return List.of(
                Sealing.create(hoursOfDayOf(hour)),
                "DELETE FROM " + hoursOfDayOf(hour) + " WHERE hour = " + hour,
                "DELETE FROM process WHERE first_minute BETWEEN " + hour * MINUTES_AN_HOUR + " AND "
                        + ((hour + 1) * MINUTES_AN_HOUR - 1),
                "DELETE FROM sealed WHERE tier = " + Kind.FLOW.hourTier + " AND slot = " + hour,
                "DELETE FROM sealed WHERE tier = " + Kind.FLOW.dayTier + " AND slot = " + dayOf(hour),
                "INSERT INTO sealed VALUES (" + Kind.FLOW.hourTier + ", " + hour + ", 0)");
    }

    /** Whether an hour may be told by hour rows that were not made from its minute rows. */
    public boolean mayReplaceHour(long hour) {
        return !hasMinutes(hour) && !joinedDays.contains(dayOf(hour));
    }

    /** The table of hour rows that an hour's stand in. */
    public static String hoursOfDayOf(long hour) {
        return hours(dayOf(hour));
    }

    /** Those of this kind, as the connection's transaction sees them. */
    public static Slots read(Connection from, Kind kind) throws SQLException {
        return read(from, kind, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** Of these those that tell of the days of a window: a history of years has tens of thousands. */
    public static Slots read(Connection from, Kind kind, Window window) throws SQLException {
        return read(from, kind, dayOf(hourOf(window.firstMinute())), dayOf(hourOf(window.lastMinute())));
    }

    private static Slots read(Connection from, Kind kind, long firstDay, long lastDay) throws SQLException {
        Slots slots =
                new Slots(kind, new TreeMap<>(), new TreeMap<>(), new TreeSet<>(), new TreeMap<>(), new TreeSet<>());
        String sealed = "SELECT tier, slot, rows FROM sealed WHERE CASE WHEN tier IN (" + Kind.FLOW.hourTier + ", "
                + Kind.COVERAGE.hourTier + ") THEN slot // " + HOURS_A_DAY + " ELSE slot END BETWEEN " + firstDay
                + " AND " + lastDay;
        try (Statement statement = from.createStatement()) {
            try (ResultSet rows = statement.executeQuery(sealed)) {
                while (rows.next()) {
                    slots.sealed(rows.getInt("tier"), rows.getLong("slot"), rows.getLong("rows"));
                }
            }
            // not those of a backup that is being made
            try (ResultSet tables = statement.executeQuery("SELECT table_name FROM duckdb_tables()"
                    + " WHERE NOT internal AND database_name = current_database()")) {
                while (tables.next()) {
                    slots.add(tables.getString(1), firstDay, lastDay);
                }
            }
            slots.count(statement);
        }
        return slots;
    }

    /** The minute after the last of which there may be rows; the smallest number where there are none at all. */
    public long endMinute() {
        long hour = minuteRows.isEmpty() ? Long.MIN_VALUE : minuteRows.lastKey();
        hour = sealedHours.isEmpty() ? hour : Math.max(hour, sealedHours.lastKey());
        return hour == Long.MIN_VALUE ? hour : (hour + 1) * MINUTES_AN_HOUR;
    }

    /** Whether minute rows of an hour can be read, or there never were any. */
    public boolean tellsMinutesOf(long hour) {
        return hasMinutes(hour) || !sealedHours.containsKey(hour);
    }

    private void sealed(int tier, long slot, long rows) {
        if (tier == kind.hourTier) {
            sealedHours.put(slot, rows);
            if (kind == Kind.COVERAGE) {
                hourTables.add(dayOf(slot));
            }
        } else if (tier == kind.dayTier) {
            sealedDays.put(slot, rows);
        } else if (tier == JOINED && kind == Kind.FLOW) {
            joinedDays.add(slot);
        }
    }

    private void add(String table, long firstDay, long lastDay) {
        if (table.startsWith(kind.prefix)) {
            long hour = Long.parseLong(table.substring(kind.prefix.length()));
            if (dayOf(hour) >= firstDay && dayOf(hour) <= lastDay) {
                minuteRows.put(hour, 0L);
            }
        } else if (table.startsWith(HOURS) && kind == Kind.FLOW) {
            hourTables.add(Long.parseLong(table.substring(HOURS.length())));
        }
    }

    /** Some slots after the other: the engine takes ever longer over a union of very many. */
    private void count(Statement statement) throws SQLException {
        List<Long> hours = List.copyOf(minuteRows.keySet());
        for (int from = 0; from < hours.size(); from += COUNTED_AT_ONCE) {
            String counts = hours.subList(from, Math.min(from + COUNTED_AT_ONCE, hours.size())).stream()
                    .map(hour -> "SELECT " + hour + ", count(*) FROM " + kind.slot(hour))
                    .collect(Collectors.joining(" UNION ALL "));
            try (ResultSet rows = statement.executeQuery(counts)) {
                while (rows.next()) {
                    minuteRows.put(rows.getLong(1), rows.getLong(2));
                }
            }
        }
    }

    static String hours(long day) {
        return HOURS + day;
    }

    /** The slot of a minute. */
    public static long hourOf(long minute) {
        return Math.floorDiv(minute, MINUTES_AN_HOUR);
    }

    static long dayOf(long hour) {
        return Math.floorDiv(hour, HOURS_A_DAY);
    }

    static long hourAfter(long day) {
        return (day + 1) * HOURS_A_DAY;
    }

    /** Whether minute rows of an hour are kept. */
    public boolean hasMinutes(long hour) {
        return minuteRows.containsKey(hour);
    }

    /** Whether the hour row tells all that is known of the hour. */
    boolean isSealed(long hour) {
        Long from = sealedHours.get(hour);
        return from != null && from.equals(minuteRows.getOrDefault(hour, from));
    }

    /** The oldest slot of minute rows before this hour that other rows tell as well. */
    Optional<Long> oldestSealed(long before) {
        return minuteRows.headMap(before).keySet().stream()
                .filter(this::isSealed)
                .findFirst();
    }

    /** The hours of a day of which anything is known. */
    NavigableSet<Long> hoursOf(long day) {
        NavigableSet<Long> hours = new TreeSet<>(
                minuteRows.subMap(day * HOURS_A_DAY, hourAfter(day)).keySet());
        hours.addAll(sealedHours.subMap(day * HOURS_A_DAY, hourAfter(day)).keySet());
        return hours;
    }

    /** From how many minute rows the hours of a day were sealed. */
    long rowsOf(long day) {
        return sealedHours.subMap(day * HOURS_A_DAY, hourAfter(day)).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Whether the day row tells all that is known of the day. */
    boolean isDaySealed(long day) {
        Long from = sealedDays.get(day);
        return from != null && from == rowsOf(day) && hoursOf(day).stream().allMatch(this::isSealed);
    }

    /** The first hour after the last of which minute rows were dropped; the smallest number where none were. */
    long minutesKeptFrom() {
        return sealedHours.descendingKeySet().stream()
                .filter(hour -> !hasMinutes(hour))
                .findFirst()
                .map(hour -> hour + 1)
                .orElse(Long.MIN_VALUE);
    }

    /** The first day after the last of which hour rows were dropped; the smallest number where none were. */
    long hoursKeptFrom() {
        return sealedDays.descendingKeySet().stream()
                .filter(day -> !hourTables.contains(day))
                .findFirst()
                .map(day -> day + 1)
                .orElse(Long.MIN_VALUE);
    }
}
