package enishi.server.store.duckdb;

import enishi.model.Address;
import enishi.model.Flow;
import enishi.model.HostId;
import enishi.model.ProcessId;
import enishi.model.Program;
import enishi.model.Traffic;
import enishi.model.Transport;
import enishi.server.store.FlowTotals;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A row of a flow and its sums, read column after column: an answer about a fleet has hundreds of thousands of them,
 * and looking each column up by its name took longer than the engine took to answer.
 */
final class FlowRow {
    static final String COLUMNS = "host_high, host_low, namespace, program, service, container, role, local_high,"
            + " local_low, remote_high, remote_low, server_port, transport, opened, closed, failed, active,"
            + " client_bytes, server_bytes, rtt_micros, retransmits, first_seen, last_seen, evidence, most_processes,"
            + " pids, starts";

    private final ResultSet row;
    private int column;

    private FlowRow(ResultSet row) {
        this.row = row;
    }

    static FlowTotals read(ResultSet row) throws SQLException {
        return new FlowRow(row).read();
    }

    private FlowTotals read() throws SQLException {
        Flow flow = flow();
        long opened = number();
        long closed = number();
        long failed = number();
        long active = number();
        Traffic traffic = traffic();
        int rttMicros = small();
        long retransmits = number();
        long firstSeen = number();
        long lastSeen = number();
        int evidence = small();
        long most = number();
        List<ProcessId> processes = processes();
        return new FlowTotals(
                flow,
                opened,
                closed,
                failed,
                active,
                traffic,
                rttMicros,
                retransmits,
                firstSeen,
                lastSeen,
                Codes.evidence(evidence),
                processes,
                Math.max(0, most - processes.size()));
    }

    private Flow flow() throws SQLException {
        HostId host = new HostId(number(), number());
        return new Flow(host, number(), program(), Codes.role(small()), address(), address(), small(), transport());
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

    private @Nullable Traffic traffic() throws SQLException {
        long clientBytes = number();
        boolean unknown = row.wasNull();
        long serverBytes = number();
        return unknown ? null : new Traffic(clientBytes, serverBytes);
    }

    /** Whoever any row named, each once. */
    private List<ProcessId> processes() throws SQLException {
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

    private long number() throws SQLException {
        return row.getLong(++column);
    }

    private int small() throws SQLException {
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
