package enishi.cli.parts;

import com.google.protobuf.InvalidProtocolBufferException;
import enishi.cli.ask.Failure;
import enishi.settings.ExitCode;
import enishi.settings.Home;
import enishi.wire.v1.AgentStatus;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Instant;

/** The running agent's account of itself, read from its state folder. */
final class AgentAccount {
    private static final long START_SLACK_MILLIS = 60_000;
    private final Home home;

    AgentAccount(Home home) {
        this.home = home;
    }

    /** The account of the agent that runs. @throws Failure if none does */
    AgentStatus read() {
        AgentStatus status;
        try {
            status = AgentStatus.parseFrom(Files.readAllBytes(home.agentStatus()));
        } catch (AccessDeniedException e) {
            throw new Failure(
                    ExitCode.NOT_ALLOWED, "reading " + home.agentStatus() + " is not allowed; ask as its owner");
        } catch (NoSuchFileException e) {
            throw new Failure(
                    ExitCode.UNAVAILABLE,
                    "no agent runs on the state folder " + home.folder()
                            + "; start one with 'enishi up' or 'enishi agent'");
        } catch (InvalidProtocolBufferException e) {
            throw new Failure(
                    ExitCode.STORE,
                    home.agentStatus() + " is no agent's account of itself; are agent and command of one version?");
        } catch (IOException e) {
            throw new Failure(ExitCode.STORE, "reading " + home.agentStatus() + " failed: " + e.getMessage());
        }
        if (!isRunning(status)) {
            throw new Failure(
                    ExitCode.UNAVAILABLE,
                    "the agent with pid " + Integer.toUnsignedString(status.getPid())
                            + " is gone without having said so; start it again, its spool is kept");
        }
        return status;
    }

    /** Whether the process that wrote this lives; another that got its pid later started later. */
    private static boolean isRunning(AgentStatus status) {
        return ProcessHandle.of(Integer.toUnsignedLong(status.getPid()))
                .filter(process -> process.info()
                        .startInstant()
                        .map(Instant::toEpochMilli)
                        .map(started -> started <= status.getStartedAtMillis() + START_SLACK_MILLIS)
                        .orElse(true))
                .isPresent();
    }
}
