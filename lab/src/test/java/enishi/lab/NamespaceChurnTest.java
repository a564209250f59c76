package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** 500 network namespaces, each with a process in it, in two generations: what the agent holds of them goes with them. */
@Tag("root")
@ExtendWith(SharedEnishi.class)
class NamespaceChurnTest {
    private static final int AT_ONCE = 250;
    private static final long GROWN_KIB_MAX = 6 * 1_024;
    private static final Pattern PID = Pattern.compile("agent with pid (\\d+)");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    /** Children that wait in a namespace of their own for the end of this program. */
    private static final String MANY = """
            import ctypes, os, signal, sys, time
            libc = ctypes.CDLL(None, use_errno=True)
            for i in range(int(sys.argv[1])):
                ready, told = os.pipe()
                if os.fork() == 0:
                    libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
                    if libc.unshare(0x40000000) != 0:  # CLONE_NEWNET
                        os._exit(1)
                    os.write(told, b'x')
                    time.sleep(300)
                    os._exit(0)
                os.close(told)
                assert os.read(ready, 1) == b'x'
                os.close(ready)
            print('ready', flush=True)
            time.sleep(300)
            """;

    private final Path agent;

    @AutoClose
    private final OpenFolder folder = OpenFolder.create();

    NamespaceChurnTest(Enishi shared) throws Exception {
        Matcher pid = PID.matcher(shared.ask("agent", "status"));
        assertThat(pid.find()).isTrue();
        agent = Path.of("/proc", pid.group(1));
    }

    private int files() {
        try (Stream<Path> all = Files.list(agent.resolve("fd"))) {
            return (int) all.count();
        } catch (IOException e) {
            throw new IllegalStateException("the agent is gone", e);
        }
    }

    private long residentKib() throws IOException {
        Matcher resident = RESIDENT.matcher(Files.readString(agent.resolve("status")));
        assertThat(resident.find()).isTrue();
        return Long.parseLong(resident.group(1));
    }

    /** As many come and go. */
    private void generation(int before) throws Exception {
        try (RealProgram many = RealProgram.python(folder.path(), MANY, AT_ONCE).saying("ready")) {
            Enishi.await("the agent in " + AT_ONCE + " namespaces", () -> files() >= before + AT_ONCE);
            assertThat(many.said()).contains("ready");
        }
        Enishi.await("the agent out of them", () -> files() <= before + 8); // connections of its own come and go
    }

    @Test
    void filesAndMemoryAreFlat() throws Exception {
        int before = files();
        generation(before);
        long once = residentKib();
        generation(before);
        assertThat(residentKib()).as("KiB, after one generation " + once).isLessThan(once + GROWN_KIB_MAX);
    }
}
