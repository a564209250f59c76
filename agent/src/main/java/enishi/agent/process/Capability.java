package enishi.agent.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a process may do beyond the ordinary (capabilities(7)), as far as the rungs ask for it. */
public enum Capability {
    CAP_NET_ADMIN(12),
    CAP_PERFMON(38),
    CAP_BPF(39);

    private static final int CAP_SYS_ADMIN = 21;
    private final int bit;

    Capability(int bit) {
        this.bit = bit;
    }

    /** Which of these this process lacks; CAP_SYS_ADMIN stands for CAP_PERFMON and CAP_BPF. */
    public static List<Capability> missing(Path proc, Capability... wanted) throws IOException {
        long effective = Files.readAllLines(proc.resolve("self/status")).stream()
                .filter(line -> line.startsWith("CapEff:"))
                .mapToLong(line -> Long.parseUnsignedLong(line.substring(line.indexOf('\t') + 1), 16))
                .findFirst()
                .orElse(0);
        List<Capability> missing = new ArrayList<>();
        for (Capability each : wanted) {
            boolean stoodFor = each != CAP_NET_ADMIN && ((effective >>> CAP_SYS_ADMIN) & 1) != 0;
            if (((effective >>> each.bit) & 1) == 0 && !stoodFor) {
                missing.add(each);
            }
        }
        return missing;
    }
}
