package enishi.server.store.duckdb;

import enishi.model.Address;
import enishi.model.HostId;
import enishi.model.Program;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/** Values that stand in several tables, written and read. */
final class Rows {
    private Rows() {}

    static void append(DuckDBAppender to, Address address) throws SQLException {
        to.append(address.high()).append(address.low());
    }

    static void append(DuckDBAppender to, @Nullable Program program) throws SQLException {
        if (program == null) {
            to.appendNull().appendNull().appendNull();
        } else {
            to.append(program.name()).append(program.service());
            append(to, program.container());
        }
    }

    static void append(DuckDBAppender to, @Nullable String text) throws SQLException {
        if (text == null) {
            to.appendNull();
        } else {
            to.append(text);
        }
    }

    static Address address(ResultSet row, String name) throws SQLException {
        return new Address(row.getLong(name + "_high"), row.getLong(name + "_low"));
    }

    static HostId host(ResultSet row, String prefix) throws SQLException {
        return new HostId(row.getLong(prefix + "high"), row.getLong(prefix + "low"));
    }

    static @Nullable Program program(ResultSet row) throws SQLException {
        String name = row.getString("program");
        return name == null ? null : new Program(name, row.getString("service"), row.getString("container"));
    }

    static List<Object> list(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return array == null ? List.of() : Arrays.asList((Object[]) array.getArray());
    }
}
