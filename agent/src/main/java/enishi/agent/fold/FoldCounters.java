package enishi.agent.fold;

/**
 * What folding counted. Of the connections taken in since the start, {@code in == folded + dropped + waiting}: each is
 * folded into a flow once, or dropped for want of room, or still waits for its owner or its handshake.
 *
 * @param in connections taken in
 * @param folded connections folded into a flow
 * @param dropped connections dropped for want of room for their flow
 * @param unfollowed sockets that there was no room to follow while they were open; a connection's end is taken in all
 *     the same where the kernel tells of it
 * @param waiting connections not folded yet
 * @param unknownOwner folded connections whose process nobody could tell
 * @param connections connections open now
 * @param flows flows in memory now
 * @param untranslated translated connections for whose translation there was no room
 */
public record FoldCounters(
        long in,
        long folded,
        long dropped,
        long unfollowed,
        long waiting,
        long unknownOwner,
        long connections,
        long flows,
        long untranslated) {}
