package enishi.server;

import enishi.access.Identity;
import enishi.access.Secret;
import enishi.model.HostId;
import enishi.server.http.Backups;
import enishi.server.http.FirstStart;
import enishi.server.store.StoreException;
import enishi.server.store.duckdb.DuckDbSettings;
import enishi.server.store.duckdb.DuckDbStore;
import enishi.settings.ConfigurationException;
import enishi.settings.ExitCode;
import enishi.settings.Home;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The server as a process. {@code invite HOST} prints a token instead; others work on its file. */
public final class Main {
    private static final System.Logger LOG = System.getLogger("enishi.server");
    private static final Set<String> FILE_COMMANDS = Set.of("backup", "restore", "verify");
    private static final long CLOSING_SECONDS_MAX = 20;

    private Main() {}

    public static void main(String[] arguments) {
        ExitCode code = run(Arrays.asList(arguments), System.getenv());
        if (code != ExitCode.OK) {
            System.exit(code.code());
        }
    }

    private static ExitCode run(List<String> arguments, Map<String, String> environment) {
        try {
            String first = arguments.isEmpty() ? "" : arguments.getFirst();
            if (first.equals("invite")) {
                return invite(arguments.subList(1, arguments.size()), environment);
            }
            if (FILE_COMMANDS.contains(first)) {
                return onFile(first, arguments.subList(1, arguments.size()), environment);
            }
            Home home = home(arguments, environment);
            Path file = value(arguments, "--config").map(Path::of).orElse(home.configuration());
            return serve(Settings.of(home, arguments, environment, Yaml.read(file)));
        } catch (ConfigurationException e) {
            return fail(ExitCode.CONFIGURATION, e);
        } catch (StoreException e) {
            return fail(ExitCode.STORE, e);
        } catch (IOException e) {
            return fail(ExitCode.STORE, e);
        }
    }

    private static ExitCode fail(ExitCode code, Exception e) {
        System.err.println("enishi server: " + e.getMessage());
        return code;
    }

    private static Home home(List<String> arguments, Map<String, String> environment) {
        return value(arguments, "--home")
                .map(folder -> new Home(Path.of(folder).toAbsolutePath()))
                .orElseGet(() -> Home.of(
                        environment, System.getProperty("user.name"), Path.of(System.getProperty("user.home"))));
    }

    private static Optional<String> value(List<String> arguments, String flag) {
        int at = arguments.indexOf(flag);
        return at >= 0 && at + 1 < arguments.size() ? Optional.of(arguments.get(at + 1)) : Optional.empty();
    }

    private static ExitCode invite(List<String> arguments, Map<String, String> environment) throws IOException {
        if (arguments.isEmpty() || arguments.getFirst().startsWith("--")) {
            System.err.println("enishi server invite: say which host: enishi server invite HOST > HOST.token");
            return ExitCode.USAGE;
        }
        Secret secret = FirstStart.prepare(home(arguments, environment));
        HostId host = HostId.random(new SecureRandom());
        System.err.println("keep this token secret (chmod 600); on "
                + arguments.getFirst().replaceAll("\\p{Cntrl}", "?")
                + ": enishi agent --server URL --token-file FILE --tls-ca CA.pem");
        System.out.println(secret.token(new Identity.Agent(host)));
        return ExitCode.OK;
    }

    private static ExitCode onFile(String command, List<String> arguments, Map<String, String> environment)
            throws IOException {
        List<String> files = new ArrayList<>(arguments);
        int at = files.indexOf("--home");
        if (at >= 0) {
            files.subList(at, Math.min(at + 2, files.size())).clear();
        }
        boolean mayBeNone = command.equals("verify");
        boolean isOption = files.stream().anyMatch(each -> each.startsWith("--"));
        if (isOption || files.size() > 1 || (files.isEmpty() && !mayBeNone)) {
            System.err.println("enishi server " + command + ": say which file: enishi server " + command
                    + (mayBeNone ? " [FILE]" : " FILE") + " [--home FOLDER]");
            return ExitCode.USAGE;
        }
        StoreFile store = new StoreFile(home(arguments, environment), System.out, System.err);
        Optional<Path> file = files.stream().map(Path::of).findFirst();
        return switch (command) {
            case "backup" -> store.backup(file.orElseThrow());
            case "restore" -> store.restore(file.orElseThrow());
            default -> store.verify(file);
        };
    }

    private static ExitCode serve(Settings settings) throws IOException, ConfigurationException {
        Home home = settings.home();
        Secret secret = FirstStart.prepare(home);
        Optional<HomeLock> lock = HomeLock.take(home.serverLock());
        if (lock.isEmpty()) {
            System.err.println("enishi server: " + home.folder() + " is held by the server with pid "
                    + HomeLock.holder(home.serverLock()) + "; end that one, or choose another --home");
            return ExitCode.UNAVAILABLE;
        }
        emptyScratch(home.scratch());
        DuckDbStore store = DuckDbStore.open(DuckDbSettings.of(home.database())
                .withMemory(settings.storeMemoryMib())
                .withReserve(settings.storeReserveMib()));
        Serving serving;
        try {
            serving = Serving.start(settings, store, secret, Clock.systemUTC());
        } catch (IOException e) {
            store.close();
            throw new IOException("starting in " + home.folder() + " failed: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            store.close();
            System.err.println(
                    "enishi server: listening on " + settings.address().getHostAddress() + ":" + settings.port()
                            + " failed: " + rootOf(e).getMessage() + "; choose another --listen");
            return ExitCode.UNAVAILABLE;
        }
        LOG.log(
                System.Logger.Level.INFO,
                "answering at {0}, state in {1}",
                serving.url(),
                home.folder().toString());
        awaitEnd(settings, serving);
        lock.get().close();
        return ExitCode.OK;
    }

    /** What a server that was killed left behind; the lock is ours, so nobody uses it. */
    private static void emptyScratch(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            String ours = "{libduckdb_java*," + Backups.PREFIX + "*}";
            try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, ours)) {
                for (Path each : left) {
                    delete(each);
                }
            }
        }
    }

    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> within = Files.newDirectoryStream(path)) {
                for (Path each : within) {
                    delete(each);
                }
            }
        }
        Files.delete(path);
    }

    private static Throwable rootOf(Throwable e) {
        Throwable cause = e.getCause();
        return cause == null ? e : rootOf(cause);
    }

    /** Until the process is asked to end; the last thing it does is to close the store. */
    private static void awaitEnd(Settings settings, Serving serving) throws IOException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            asked.countDown();
            try {
                if (!closed.await(CLOSING_SECONDS_MAX, TimeUnit.SECONDS)) {
                    System.err.println("enishi server: closing took too long; what was acknowledged is on disk");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        try {
            while (!asked.await(1, TimeUnit.MINUTES)) {
                if (settings.insecure()
                        && settings.tls().isEmpty()
                        && !settings.address().isLoopbackAddress()) {
                    LOG.log(System.Logger.Level.WARNING, "plain HTTP beyond loopback: tokens travel in clear");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        serving.close();
        closed.countDown();
    }
}
