package enishi.agent.capture;

import enishi.model.Address;
import enishi.model.Role;
import enishi.model.Transport;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel folded of one process, its peer and the server's port since it was last read.
 *
 * @param namespace network namespace: 0 for the one the agent runs in, else its inode number
 * @param role proved in the kernel: this side asked, or was asked
 * @param local this end's address; a wildcard only where nobody could tell
 * @param holder the process
 * @param opened connections established while watched
 * @param adopted connections found open that were not told as opened, such as those older than the agent
 * @param closed ends of connections told as opened or adopted
 * @param failed connections asked for and never established
 * @param sentBytes payload sent by this side, retransmissions left out
 * @param receivedBytes likewise received
 * @param hasBytes whether bytes are counted at all
 * @param rttMicros smoothed round-trip time last measured, microseconds; 0 where none was
 * @param retransmits segments sent again
 * @param name over unix, that of the server's socket; else the one that the client looked up, or null
 */
public record KernelCounts(
        long namespace,
        Transport transport,
        Role role,
        Address local,
        Address remote,
        int serverPort,
        Holder holder,
        long opened,
        long adopted,
        long closed,
        long failed,
        long sentBytes,
        long receivedBytes,
        boolean hasBytes,
        int rttMicros,
        long retransmits,
        @Nullable String name)
        implements Capture {}
