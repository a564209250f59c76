package enishi.agent.container;

import java.util.Optional;

/** What containers are called, by the 64 digits that their runtime gave them. */
@FunctionalInterface
public interface ContainerNames {
    /** Nobody is asked: every container goes by its id. */
    ContainerNames NONE = id -> Optional.empty();

    /** The name that stays when the container is made anew; empty where nobody told it, or not yet. */
    Optional<String> nameOf(String id);
}
