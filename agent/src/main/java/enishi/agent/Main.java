package enishi.agent;

import enishi.agent.capture.CaptureException;
import enishi.agent.settings.Reason;
import enishi.agent.settings.Settings;
import enishi.settings.ConfigurationException;
import enishi.settings.ExitCode;
import enishi.settings.Home;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** Starts the agent of this host and stops it cleanly at SIGTERM or SIGINT. */
public final class Main {
    /** One line each, without stack traces: time, level, message. */
    private static final String LOG_FORMAT = "%1$tFT%1$tT%1$tz enishi agent %4$s: %5$s%n";

    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        System.setProperty("java.util.logging.SimpleFormatter.format", LOG_FORMAT);
        ExitCode code = start(List.of(arguments), System.getenv(), Home.ofThisUser(), System.err);
        if (code != ExitCode.OK) {
            System.exit(code.code());
        }
        new CountDownLatch(1).await(); // until a signal: the hook below then ends this process
    }

    /** Starts, or says in one line why not. */
    static ExitCode start(List<String> arguments, Map<String, String> environment, Home home, PrintStream err) {
        try {
            Settings settings = Settings.of(arguments, environment, home);
            makePrivate(settings.home().folder());
            Agent agent = Agent.start(settings);
            stopAtSignal(agent);
            return ExitCode.OK;
        } catch (ConfigurationException e) {
            return failed(err, Reason.oneLine(e), ExitCode.CONFIGURATION);
        } catch (CaptureException e) {
            return failed(err, Reason.oneLine(e), ExitCode.UNAVAILABLE);
        } catch (IOException e) {
            return failed(err, "cannot open the spool (" + Reason.of(e) + ")", ExitCode.STORE);
        }
    }

    private static ExitCode failed(PrintStream err, String because, ExitCode code) {
        err.println("enishi agent: " + because);
        return code;
    }

    /** A clean stop is no failure: without this, the JVM would exit with 128 + the signal's number. */
    private static void stopAtSignal(Agent agent) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            agent.close();
                            Runtime.getRuntime().halt(ExitCode.OK.code());
                        },
                        "enishi-stop"));
    }

    private static void makePrivate(Path folder) throws ConfigurationException {
        Set<PosixFilePermission> ours = PosixFilePermissions.fromString("rwx------");
        try {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(ours));
            if (!Files.getPosixFilePermissions(folder).equals(ours)) {
                Files.setPosixFilePermissions(folder, ours);
            }
        } catch (IOException e) {
            throw new ConfigurationException("cannot use the state folder " + folder + " (" + Reason.of(e)
                    + "); set ENISHI_HOME or --home to one you may write");
        }
    }
}
