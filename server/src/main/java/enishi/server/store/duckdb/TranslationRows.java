package enishi.server.store.duckdb;

import enishi.model.Between;
import enishi.model.Report;
import enishi.model.Translation;
import enishi.model.TranslationMinute;
import enishi.model.TranslationMinutes;
import enishi.model.Window;
import enishi.server.store.KnownTranslation;
import enishi.server.store.duckdb.Database.Moment;
import enishi.server.store.duckdb.tiers.TranslationMasks;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** Translations as rows, written and read. */
final class TranslationRows {
    /** A question's own table of what is met. */
    private static final String MET = "met";

    private TranslationRows() {}

    /** Appends what a report tells of minutes from one on. @return how many came too late */
    static long append(DuckDBAppender to, Report report, int host, long minutesFrom) throws SQLException {
        long tooLate = 0;
        for (TranslationMinutes each : report.translations()) {
            for (TranslationMinute minute : each.minutes()) {
                if (minute.minute() < minutesFrom) {
                    tooLate++;
                } else {
                    to.beginRow().append(host);
                    append(to, each.translation());
                    to.append(Math.floorDiv(minute.minute(), 60L));
                    to.append(1L << Math.floorMod(minute.minute(), 60L));
                    to.appendNull().append(true).endRow();
                }
            }
        }
        return tooLate;
    }

    private static void append(DuckDBAppender to, Translation translation) throws SQLException {
        to.append(translation.namespace()).append((short) Codes.of(translation.transport()));
        Rows.append(to, translation.client());
        Rows.append(to, translation.asked());
        to.append(translation.askedPort());
        Rows.append(to, translation.server());
        to.append(translation.serverPort());
        Rows.append(to, translation.seenAs());
    }

    /** Those of a window, unless none is known at all. */
    static List<KnownTranslation> of(Database database, @Nullable Known known, Window window) {
        return known != null && !known.translates()
                ? List.of()
                : database.ask("translations", at -> read(at, window, ""));
    }

    /** Those of them that lead from or to one of these. */
    static List<KnownTranslation> at(Database database, @Nullable Known known, Window window, Set<Between> met) {
        return met.isEmpty() || (known != null && !known.translates())
                ? List.of()
                : database.ask("translations", at -> {
                    put(at, met);
                    return read(at, window, MET);
                });
    }

    private static void put(Moment at, Set<Between> met) throws SQLException {
        try (Statement statement = at.statement()) {
            statement.execute("CREATE TEMP TABLE " + MET + "(client_high BIGINT, client_low BIGINT, server_high BIGINT,"
                    + " server_low BIGINT, server_port INTEGER, transport SMALLINT)");
            DuckDBConnection own = statement.getConnection().unwrap(DuckDBConnection.class);
            try (DuckDBAppender to = own.createAppender("temp", "main", MET)) {
                for (Between each : met) {
                    to.beginRow();
                    Rows.append(to, each.client());
                    Rows.append(to, each.server());
                    to.append(each.serverPort())
                            .append((short) Codes.of(each.transport()))
                            .endRow();
                }
            }
        }
    }

    private static List<KnownTranslation> read(Moment at, Window window, String met) throws SQLException {
        String sql = "SELECT high, low, told.* FROM (" + TranslationMasks.within(window, met)
                + ") AS told JOIN (SELECT DISTINCT number, high, low FROM host) ON number = host";
        List<KnownTranslation> found = new ArrayList<>();
        try (Statement statement = at.statement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(new KnownTranslation(
                        translation(rows), rows.getLong("first_minute"), rows.getLong("last_minute")));
            }
        }
        return found;
    }

    private static Translation translation(ResultSet row) throws SQLException {
        return new Translation(
                Rows.host(row, ""),
                row.getLong("namespace"),
                Codes.transport(row.getInt("transport")),
                Rows.address(row, "client"),
                Rows.address(row, "asked"),
                row.getInt("asked_port"),
                Rows.address(row, "server"),
                row.getInt("server_port"),
                Rows.address(row, "seen_as"));
    }
}
