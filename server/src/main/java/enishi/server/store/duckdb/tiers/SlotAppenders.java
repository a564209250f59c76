package enishi.server.store.duckdb.tiers;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** The appenders of the slots that a batch writes to; each, and its slot, is made when it is first needed. */
public final class SlotAppenders implements AutoCloseable {
    private final DuckDBConnection to;
    private final Statement statement;
    private final Kind kind;
    private final Map<Long, DuckDBAppender> byHour = new HashMap<>();

    public SlotAppenders(DuckDBConnection to, Statement statement, Kind kind) {
        this.to = to;
        this.statement = statement;
        this.kind = kind;
    }

    /** That of the slot of a minute. */
    public DuckDBAppender of(long minute) throws SQLException {
        long hour = Slots.hourOf(minute);
        DuckDBAppender known = byHour.get(hour);
        if (known == null) {
            statement.execute(kind.create(hour));
            known = to.createAppender(kind.slot(hour));
            byHour.put(hour, known);
        }
        return known;
    }

    @Override
    public void close() throws SQLException {
        for (DuckDBAppender each : byHour.values()) {
            each.close();
        }
    }
}
