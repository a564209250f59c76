package enishi.server.graph;

import enishi.answer.Dependency;
import enishi.model.HostId;
import java.util.Optional;

/**
 * A dependency and the hosts at its ends, by id: names may repeat.
 *
 * @param attempt whether nothing was established or proved: kept, but no dependency
 */
public record Joined(Dependency dependency, Optional<HostId> client, Optional<HostId> server, boolean attempt) {}
