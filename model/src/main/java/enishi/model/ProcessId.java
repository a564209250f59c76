package enishi.model;

/**
 * A process of one host, told apart from later ones with the same pid by its start.
 *
 * @param pid as the agent's own pid namespace numbers it
 * @param startTicks boot-time start of the thread-group leader in clock ticks, field 22 of {@code /proc/PID/stat}
 */
public record ProcessId(int pid, long startTicks) implements Comparable<ProcessId> {
    /** By pid, then by age. */
    @Override
    public int compareTo(ProcessId other) {
        int byPid = Integer.compare(pid, other.pid);
        return byPid != 0 ? byPid : Long.compare(startTicks, other.startTicks);
    }
}
