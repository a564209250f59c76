package enishi.agent.capture;

/**
 * What a rung counted since it started.
 *
 * @param seen sockets seen for the first time
 * @param lost notices of closed sockets that the kernel dropped (the Drops column of /proc/net/netlink)
 * @param failedPolls polls that could not be read
 * @param unseenPeers UDP sockets open now without a peer of their own
 * @param unseenPeersGone those that ended before any dump showed them
 * @param unaccounted TCP connections that the kernel counted and this rung did not tell, since the start; 0 on a rung
 *     that does not check
 */
public record CaptureCounters(
        long seen, long lost, long failedPolls, long unseenPeers, long unseenPeersGone, long unaccounted) {}
