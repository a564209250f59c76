package enishi.model;

/**
 * Payload bytes each way, retransmissions not counted twice.
 *
 * @param clientBytes what the client sent
 * @param serverBytes what the server sent
 */
public record Traffic(long clientBytes, long serverBytes) {
    public Traffic plus(Traffic other) {
        return new Traffic(clientBytes + other.clientBytes, serverBytes + other.serverBytes);
    }
}
