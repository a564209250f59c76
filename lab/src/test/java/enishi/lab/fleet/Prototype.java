package enishi.lab.fleet;

import enishi.model.Flow;
import enishi.model.FlowObservations;
import enishi.model.Observation;
import enishi.model.Program;
import enishi.model.Report;
import enishi.model.Role;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The CMDB of the authors' prototype as it keeps what one host told: the tables, keys and indexes of shawk, and its
 * statements, one after the other, each looking up or inserting what the next refers to. A report is one transaction.
 *
 * <p>A flow that is already there is overwritten: the database knows when it was seen last, and no minute before.
 * Other than the prototype this prepares its statements once, not anew for each report.
 */
final class Prototype implements AutoCloseable {
    private static final String SCHEMA = """
            CREATE TABLE processes(
                process_id bigserial PRIMARY KEY,
                ipv4 inet NOT NULL,
                pgid integer NOT NULL DEFAULT 0 CHECK (pgid >= 0),
                pname varchar(50) NOT NULL DEFAULT '',
                created timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
                updated timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
                UNIQUE (ipv4, pgid, pname));
            CREATE TABLE active_nodes(
                node_id bigserial PRIMARY KEY,
                process_id bigint NOT NULL UNIQUE REFERENCES processes ON DELETE CASCADE);
            CREATE TABLE passive_nodes(
                node_id bigserial PRIMARY KEY,
                port integer NOT NULL CHECK (port > 0),
                process_id bigint NOT NULL REFERENCES processes ON DELETE CASCADE,
                UNIQUE (process_id, port));
            CREATE INDEX ON passive_nodes(port);
            CREATE TABLE flows(
                flow_id bigserial PRIMARY KEY,
                source_node_id bigint NOT NULL REFERENCES active_nodes ON DELETE CASCADE,
                destination_node_id bigint NOT NULL REFERENCES passive_nodes ON DELETE CASCADE,
                connections integer NOT NULL CHECK (connections > 0),
                created timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
                updated timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
                UNIQUE (source_node_id, destination_node_id));
            CREATE INDEX ON flows(destination_node_id, updated);
            CREATE INDEX ON flows(source_node_id, destination_node_id, updated);
            CREATE INDEX ON flows(destination_node_id, source_node_id);
            CREATE INDEX ON flows(source_node_id, destination_node_id);
            """;

    private final Connection connection;
    private final PreparedStatement process;
    private final PreparedStatement active;
    private final PreparedStatement passive;
    private final PreparedStatement findActive;
    private final PreparedStatement findPassive;
    private final PreparedStatement flow;
    private long statements;

    /** Makes the tables in an empty database. */
    Prototype(String url) throws SQLException {
        connection = DriverManager.getConnection(url);
        try (Statement schema = connection.createStatement()) {
            schema.execute(SCHEMA);
        }
        connection.setAutoCommit(false);
        process = connection.prepareStatement("INSERT INTO processes(ipv4, pgid, pname, updated)"
                + " VALUES (?::inet, ?, ?, CURRENT_TIMESTAMP)"
                + " ON CONFLICT (ipv4, pgid, pname) DO UPDATE SET updated = CURRENT_TIMESTAMP RETURNING process_id");
        active = connection.prepareStatement("INSERT INTO active_nodes(process_id) VALUES (?)"
                + " ON CONFLICT (process_id) DO UPDATE SET process_id = EXCLUDED.process_id RETURNING node_id");
        passive = connection.prepareStatement("INSERT INTO passive_nodes(process_id, port) VALUES (?, ?)"
                + " ON CONFLICT (process_id, port) DO UPDATE SET process_id = EXCLUDED.process_id RETURNING node_id");
        findActive = connection.prepareStatement("SELECT flows.source_node_id FROM flows"
                + " JOIN (SELECT node_id FROM passive_nodes WHERE port = ?) server"
                + " ON server.node_id = flows.destination_node_id"
                + " JOIN (SELECT node_id FROM active_nodes WHERE process_id IN"
                + " (SELECT process_id FROM processes WHERE ipv4 = ?::inet)) client"
                + " ON client.node_id = flows.source_node_id LIMIT 1");
        findPassive = connection.prepareStatement("SELECT node_id FROM passive_nodes WHERE process_id IN"
                + " (SELECT process_id FROM processes WHERE ipv4 = ?::inet) AND port = ?");
        flow = connection.prepareStatement("INSERT INTO flows(source_node_id, destination_node_id, connections)"
                + " VALUES (?, ?, ?) ON CONFLICT (source_node_id, destination_node_id)"
                + " DO UPDATE SET connections = EXCLUDED.connections, updated = CURRENT_TIMESTAMP");
    }

    /** Keeps a report and returns once it is committed. */
    void append(Report report) throws SQLException {
        for (FlowObservations each : report.flows()) {
            append(each.flow(), each.observations().getFirst());
        }
        connection.commit();
    }

    private void append(Flow of, Observation seen) throws SQLException {
        Program program = of.program();
        String name = program == null ? "" : program.name();
        int leader =
                seen.processes().isEmpty() ? 0 : seen.processes().getFirst().pid();
        long here = only(process, of.local().toString(), leader, name);
        int connections = (int) Math.max(1, seen.opened() + seen.active());
        if (of.role() == Role.CLIENT) {
            long client = only(active, here);
            write(flow, client, server(of), connections);
        } else {
            long server = only(passive, here, of.serverPort());
            write(flow, client(of), server, connections);
        }
    }

    private long server(Flow of) throws SQLException {
        String at = of.remote().toString();
        long found = first(findPassive, at, of.serverPort());
        return found > 0 ? found : only(passive, only(process, at, 0, ""), of.serverPort());
    }

    private long client(Flow of) throws SQLException {
        String at = of.remote().toString();
        long found = first(findActive, of.serverPort(), at);
        return found > 0 ? found : only(active, only(process, at, 0, ""));
    }

    /** The key that a statement gives back. */
    private long only(PreparedStatement statement, Object... values) throws SQLException {
        long key = first(statement, values);
        if (key <= 0) {
            throw new SQLException("no row came of " + statement);
        }
        return key;
    }

    /** The first key that a statement finds, or 0. */
    private long first(PreparedStatement statement, Object... values) throws SQLException {
        bind(statement, values);
        try (ResultSet rows = statement.executeQuery()) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    private void write(PreparedStatement statement, Object... values) throws SQLException {
        bind(statement, values);
        statement.executeUpdate();
    }

    private void bind(PreparedStatement statement, Object... values) throws SQLException {
        statements++;
        for (int each = 0; each < values.length; each++) {
            statement.setObject(each + 1, values[each]);
        }
    }

    /** How many were run so far. */
    long statements() {
        return statements;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
