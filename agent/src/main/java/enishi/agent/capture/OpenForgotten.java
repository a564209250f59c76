package enishi.agent.capture;

import enishi.model.Transport;
import java.util.Set;

/** Ends were lost: whatever counts as open over these transports is forgotten, and what is open follows as adopted. */
public record OpenForgotten(Set<Transport> transports) implements Capture {
    public OpenForgotten {
        transports = Set.copyOf(transports);
    }
}
