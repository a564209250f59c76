package enishi.server.store.duckdb;

import enishi.model.Report;
import enishi.model.Translation;
import enishi.model.TranslationMinute;
import enishi.model.TranslationMinutes;
import enishi.model.Window;
import enishi.server.store.KnownTranslation;
import enishi.server.store.duckdb.Database.Moment;
import enishi.server.store.duckdb.tiers.TranslationSpans;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/** Translations as rows, written and read. */
final class TranslationRows {
    private TranslationRows() {}

    /** Appends what a report tells of minutes from one on. @return how many came too late */
    static long append(DuckDBAppender to, Report report, int host, long minutesFrom) throws SQLException {
        long tooLate = 0;
        for (TranslationMinutes each : report.translations()) {
            for (TranslationMinute minute : each.minutes()) {
                if (minute.minute() < minutesFrom) {
                    tooLate++;
                } else {
                    to.beginRow().append(host).append(report.incarnation()).append(report.sequence());
                    append(to, each.translation());
                    to.append(minute.minute()).append(minute.minute());
                    to.append(minute.connections()).append(minute.tracked());
                    to.append(minute.firstSeenMillis())
                            .append(minute.lastSeenMillis())
                            .appendNull()
                            .endRow();
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
        return known != null && !known.translates() ? List.of() : database.ask("translations", at -> read(at, window));
    }

    private static List<KnownTranslation> read(Moment at, Window window) throws SQLException {
        String sql = "SELECT high, low, told.* FROM (" + TranslationSpans.within(window)
                + ") AS told JOIN (SELECT DISTINCT number, high, low FROM host) ON number = host";
        List<KnownTranslation> found = new ArrayList<>();
        try (Statement statement = at.statement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(new KnownTranslation(
                        translation(rows),
                        rows.getLong("connections"),
                        rows.getLong("tracked"),
                        rows.getLong("first_seen"),
                        rows.getLong("last_seen")));
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
