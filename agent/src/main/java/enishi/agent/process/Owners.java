package enishi.agent.process;

import enishi.model.ProcessId;
import java.util.Optional;

/**
 * Who holds which socket inode, learnt a little at a time: a search walks only as much of {@code /proc} as it takes to
 * find what is wanted.
 */
public interface Owners {

    /** Asks for the owner of an inode at the next search. */
    void want(long inode);

    /** Tells who holds an inode, found by other means; it is taken where it is asked for. */
    void held(long inode, Owner owner);

    /** No longer asks: the socket is gone, or was given up. */
    void forget(long inode);

    /** Walks {@code /proc} for the wanted inodes until all are found or every process was looked at. */
    void search();

    /** The owner, if a search has found it. */
    Optional<Owner> ownerOf(long inode);

    /** Whether whole walks have not found the owner, so that it stays unknown. */
    boolean gaveUp(long inode);

    /**
     * Completes what the kernel says of a process that may have ended by now.
     *
     * @param name comm of its thread-group leader
     * @param cgroup id in the cgroup2 hierarchy
     */
    Owner named(ProcessId process, String name, long cgroup);

    /** How many processes' descriptors could not be read, since the start, for want of privilege. */
    long unreadable();
}
