package enishi.agent.capture;

/**
 * A process as the kernel named it while it lived.
 *
 * @param pid as the agent's pid namespace numbers it; 0 where nobody could tell
 * @param startTicks boot-time start in clock ticks
 * @param name comm of its thread-group leader; empty where nobody could tell
 * @param cgroup id in the cgroup2 hierarchy
 */
public record Holder(int pid, long startTicks, String name, long cgroup) {}
