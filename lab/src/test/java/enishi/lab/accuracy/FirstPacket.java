package enishi.lab.accuracy;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Who sends the first packet of a conversation depends on whom it is sent to, unless nobody ever accepts it. */
final class FirstPacket {
    private FirstPacket() {}

    static Set<Seen> tell(List<Conversation> wire, Addresses addresses) {
        return wire.stream()
                .filter(each -> !each.transport().equals("tcp") || !each.isInVain())
                .map(each -> new Seen(
                        addresses.host(each.source()),
                        Seen.UNKNOWN,
                        addresses.host(each.destination()),
                        Seen.UNKNOWN,
                        each.transport(),
                        each.port()))
                .collect(Collectors.toSet());
    }
}
