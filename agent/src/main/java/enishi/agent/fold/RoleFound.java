package enishi.agent.fold;

import enishi.model.Evidence;
import enishi.model.Role;
import java.util.Set;

/** A role and what proved it. */
record RoleFound(Role role, Set<Evidence> evidence) {}
