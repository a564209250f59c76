package enishi.agent.kernel;

/**
 * What was lost or is not handled, since the start ({@code struct losses}).
 *
 * @param opened connections whose record was lost before they were told as opened
 * @param closed ends lost of connections that were told as opened
 * @param failed attempts lost
 * @param datagrams datagrams whose bytes are lost, or that would have shown a conversation going on
 * @param nobody connections whose process nobody could tell
 * @param mptcp MPTCP sockets, which are not read
 * @param reconnected connections of a TCP socket that was disconnected and used again, unseen
 * @param summarised attempts told without port or address, because there were too many
 */
public record Losses(
        long opened,
        long closed,
        long failed,
        long datagrams,
        long nobody,
        long mptcp,
        long reconnected,
        long summarised) {
    public static final Losses NONE = new Losses(0, 0, 0, 0, 0, 0, 0, 0);
}
