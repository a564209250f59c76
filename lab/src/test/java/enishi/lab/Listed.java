package enishi.lab;

import enishi.answer.ListenerItem;
import enishi.model.Transport;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A listener cut down to who listens where.
 *
 * @param port null where the kernel chose it
 */
record Listed(
        @Nullable String program,
        Transport transport,
        @Nullable String address,
        @Nullable Integer port) {

    /** Those of these programs. */
    static Set<Listed> of(List<ListenerItem> items, Set<String> programs) {
        return items.stream()
                .filter(each -> programs.contains(String.valueOf(each.program())))
                .map(each -> new Listed(each.program(), each.transport(), each.address(), each.port()))
                .collect(Collectors.toSet());
    }

    static Listed udp(@Nullable String program, String address, @Nullable Integer port) {
        return new Listed(program, Transport.UDP, address, port);
    }

    static Listed tcp(@Nullable String program, String address, @Nullable Integer port) {
        return new Listed(program, Transport.TCP, address, port);
    }
}
