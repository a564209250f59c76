package enishi.agent.fold;

import enishi.agent.capture.PortRange;
import enishi.model.Address;
import java.util.function.BiPredicate;
import java.util.function.LongFunction;

/**
 * What a table of flows asks about its host.
 *
 * @param ephemeral the ports that clients in a network namespace get
 * @param isOwn whether an address is one of this host's in a network namespace
 */
public record Surroundings(LongFunction<PortRange> ephemeral, BiPredicate<Long, Address> isOwn) {}
