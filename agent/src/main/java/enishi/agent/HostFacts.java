package enishi.agent;

import enishi.model.Host;
import enishi.model.HostAddress;
import enishi.model.HostId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a host tells about itself beside its addresses.
 *
 * @param named overrides the hostname
 * @param proc where the proc file system lies
 */
record HostFacts(HostId id, Optional<String> named, Map<String, String> labels, Path proc) {

    /** The host as it is now: its name may have changed. */
    Host with(List<HostAddress> addresses) {
        return new Host(id, name(), line("sys/kernel/random/boot_id"), addresses, labels);
    }

    String name() {
        return named.orElseGet(() -> line("sys/kernel/hostname"));
    }

    /** The content of a one-line file, empty where it cannot be read. */
    private String line(String file) {
        try {
            return Files.readString(proc.resolve(file), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            System.getLogger(HostFacts.class.getName())
                    .log(System.Logger.Level.DEBUG, "{0} cannot be read: {1}", file, e.toString());
            return "";
        }
    }
}
