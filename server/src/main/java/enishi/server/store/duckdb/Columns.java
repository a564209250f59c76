package enishi.server.store.duckdb;

import enishi.model.Address;
import enishi.model.Flow;
import enishi.model.HostId;
import enishi.model.ProcessId;
import enishi.model.Program;
import enishi.model.Traffic;
import enishi.model.Transport;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a row, read one after the other: an answer about a fleet has hundreds of thousands of rows, and
 * looking each column up by its name took longer than the engine took to answer.
 */
final class Columns {
    /** What makes a flow. */
    static final String FLOW = "host_high, host_low, namespace, program, service, container, role, local_high,"
            + " local_low, remote_high, remote_low, server_port, transport, name";

    private final ResultSet row;
    private int column;

    /** From the first on. */
    Columns(ResultSet row) {
        this.row = row;
    }

    /** {@link #FLOW}. */
    Flow flow() throws SQLException {
        HostId host = new HostId(number(), number());
        return new Flow(
                host, number(), program(), Codes.role(small()), address(), address(), small(), transport(), text());
    }

    private @Nullable Program program() throws SQLException {
        String name = text();
        String service = text();
        String container = text();
        return name == null || service == null ? null : new Program(name, service, container);
    }

    private Address address() throws SQLException {
        return new Address(number(), number());
    }

    private Transport transport() throws SQLException {
        return Codes.transport(small());
    }

    /** Both counts of bytes. */
    @Nullable Traffic traffic() throws SQLException {
        long clientBytes = number();
        boolean unknown = row.wasNull();
        long serverBytes = number();
        return unknown ? null : new Traffic(clientBytes, serverBytes);
    }

    /** Two lists, of pids and of starts: whoever stands in them, each once. */
    List<ProcessId> processes() throws SQLException {
        Object[] pids = list();
        Object[] starts = list();
        if (pids.length == 1) {
            return List.of(new ProcessId((Integer) pids[0], (Long) starts[0]));
        }
        TreeSet<ProcessId> processes = new TreeSet<>();
        for (int i = 0; i < pids.length; i++) {
            processes.add(new ProcessId((Integer) pids[i], (Long) starts[i]));
        }
        return List.copyOf(processes);
    }

    /** How many processes there are, the first of them, then all: most often that is one. */
    List<ProcessId> fewProcesses() throws SQLException {
        int count = small();
        ProcessId first = new ProcessId(small(), number());
        if (count < 2) {
            column += 2;
            return count == 0 ? List.of() : List.of(first);
        }
        return processes();
    }

    @Nullable Long unknownOrNumber() throws SQLException {
        long number = number();
        return row.wasNull() ? null : number;
    }

    long number() throws SQLException {
        return row.getLong(++column);
    }

    int small() throws SQLException {
        return row.getInt(++column);
    }

    private @Nullable String text() throws SQLException {
        return row.getString(++column);
    }

    private Object[] list() throws SQLException {
        Array array = row.getArray(++column);
        return array == null ? new Object[0] : (Object[]) array.getArray();
    }
}
