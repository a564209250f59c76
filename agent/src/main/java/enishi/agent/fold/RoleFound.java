package enishi.agent.fold;

import enishi.agent.capture.SocketState;
import enishi.model.Evidence;
import enishi.model.Role;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A role and what proved it. */
record RoleFound(Role role, Set<Evidence> evidence) {
    private static final RoleFound ASKED = new RoleFound(Role.CLIENT, Set.of(Evidence.CONNECT));
    private static final RoleFound WAS_ASKED = new RoleFound(Role.SERVER, Set.of(Evidence.ACCEPT));

    /** What a state on the way to being open proves, or null. */
    static @Nullable RoleFound witnessed(SocketState state) {
        return switch (state) {
            case CONNECTING -> ASKED;
            case ACCEPTING -> WAS_ASKED;
            case LISTENING, UNCONNECTED, OPEN, CLOSED -> null;
        };
    }

    /** What a socket's own counters prove of who opened it. */
    static RoleFound counted(Role opener) {
        return opener == Role.CLIENT ? ASKED : WAS_ASKED;
    }

    /** Whether only the shape of the ports speaks for it. */
    boolean isGuessed() {
        return evidence.contains(Evidence.PORT);
    }
}
