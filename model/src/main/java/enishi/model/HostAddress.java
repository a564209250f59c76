package enishi.model;

/** An address that a host answers to in one of its network namespaces (0: the one the agent runs in). */
public record HostAddress(long namespace, Address address) {}
