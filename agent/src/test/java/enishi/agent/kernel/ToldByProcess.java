package enishi.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the kernel told of one port, by the process it told it of; each has to be named as it is. */
final class ToldByProcess {
    static final long ME = ProcessHandle.current().pid();

    private ToldByProcess() {}

    /** Who told, which process. */
    record Side(long pid, boolean client) {}

    /** What was told. */
    record Told(long opened, long adopted, long closed, long failed, long sent, long received) {
        Told plus(Told more) {
            return new Told(
                    opened + more.opened,
                    adopted + more.adopted,
                    closed + more.closed,
                    failed + more.failed,
                    sent + more.sent,
                    received + more.received);
        }
    }

    static Map<Side, Told> drained(KernelFold fold, int port) throws KernelException {
        Map<Side, Told> told = new HashMap<>();
        List<String> misnamed = new ArrayList<>();
        fold.drain(each -> {
            if (each.serverPort() != port) {
                return;
            }
            String program = new String(each.program(), StandardCharsets.UTF_8);
            if (!program.equals(program(each.pid()))) {
                misnamed.add(program);
            }
            told.merge(
                    new Side(each.pid(), each.isClient()),
                    new Told(
                            each.opened(),
                            each.adopted(),
                            each.closed(),
                            each.failed(),
                            each.sentBytes(),
                            each.receivedBytes()),
                    Told::plus);
        });
        assertThat(misnamed).isEmpty();
        return told;
    }

    /** The last change of a state may still be on its way, in an interrupt. */
    static void assertTold(KernelFold fold, int port, Map<Side, Told> expected) throws KernelException {
        Map<Side, Told> told = new HashMap<>();
        long until = System.nanoTime() + 2_000_000_000L;
        do {
            drained(fold, port).forEach((side, more) -> told.merge(side, more, Told::plus));
        } while (!told.equals(expected) && System.nanoTime() < until);
        assertThat(told).isEqualTo(expected);
        assertThat(fold.losses()).isEqualTo(Losses.NONE);
    }

    private static String program(int pid) {
        try {
            return pid == ME
                    ? "java"
                    : Files.readString(Path.of("/proc/" + pid + "/comm")).strip();
        } catch (IOException e) {
            return "python3"; // a worker that has ended
        }
    }
}
