package enishi.settings;

import java.nio.file.Path;
import java.util.Map;

/**
 * The state folder {@code ENISHI_HOME} and where everything lies in it. All of it is private to its owner (0700).
 *
 * @param folder the folder itself; may not exist yet
 */
public record Home(Path folder) {

    /** {@code ENISHI_HOME}, else /var/lib/enishi for root, else enishi under XDG_STATE_HOME or ~/.local/state. */
    public static Home of(Map<String, String> environment, String user, Path userHome) {
        String stated = environment.getOrDefault("ENISHI_HOME", "");
        if (!stated.isBlank()) {
            return new Home(Path.of(stated).toAbsolutePath());
        }
        if (user.equals("root")) {
            return new Home(Path.of("/var/lib/enishi"));
        }
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path base = state.isBlank() ? userHome.resolve(".local/state") : Path.of(state);
        return new Home(base.resolve("enishi").toAbsolutePath());
    }

    public static Home ofThisUser() {
        return of(System.getenv(), System.getProperty("user.name"), Path.of(System.getProperty("user.home")));
    }

    public Path configuration() {
        return folder.resolve("enishi.yaml");
    }

    public Path database() {
        return folder.resolve("enishi.duckdb");
    }

    /** The server's secret: 32 random bytes in hexadecimal, 0600. */
    public Path secret() {
        return folder.resolve("secret");
    }

    /** The token with which this host's user asks the local server, 0600. */
    public Path viewerToken() {
        return folder.resolve("viewer.token");
    }

    /** The token with which this host's agent reports, 0600. */
    public Path agentToken() {
        return folder.resolve("agent.token");
    }

    /** The address of the running server and the page's one-time key, 0600; gone after a clean end. */
    public Path serverUrl() {
        return folder.resolve("server.url");
    }

    public Path hostId() {
        return folder.resolve("host-id");
    }

    public Path spool() {
        return folder.resolve("spool");
    }

    /** What {@code enishi agent status} reads: the running agent's own account, rewritten every few seconds. */
    public Path agentStatus() {
        return folder.resolve("agent.status");
    }

    /** Where lies what lasts no longer than the server runs: unpacked libraries, a backup until it is sent. */
    public Path scratch() {
        return folder.resolve("scratch");
    }

    /** Held by the running server. */
    public Path serverLock() {
        return folder.resolve("server.lock");
    }

    /** Held by the running agent. */
    public Path agentLock() {
        return folder.resolve("agent.lock");
    }
}
