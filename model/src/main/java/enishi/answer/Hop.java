package enishi.answer;

import enishi.answer.Dependency.ClientEnd;
import enishi.answer.Dependency.ServerEnd;
import enishi.model.Transport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of {@code enishi hops}: a program that is asked and asks, such as a proxy, and what seems to pass through it.
 *
 * @param connectionsIn asked of it within the window
 * @param connectionsOut that it asked for
 * @param inferred what seems to pass through: nobody saw that one connection caused another
 * @param moreInferred how many more there are, of its 100 busiest clients and servers
 */
public record Hop(
        @Nullable String site,
        @Nullable String zone,
        String host,
        String program,
        @Nullable String service,
        @Nullable String container,
        long connectionsIn,
        long connectionsOut,
        List<PassThrough> inferred,
        int moreInferred) {
    public Hop {
        inferred = List.copyOf(inferred);
    }

    /**
     * A client of the hop that seems to reach a server through it, and why it seems so. The window is cut into spans of
     * time; in how many both were at work is the evidence of time, how much went in and out that of count.
     *
     * @param asked where the client asks the hop; without pids
     * @param transport what the hop asks the server by
     * @param spanMinutes how long a span is
     * @param spans in how many the client was at work with the hop
     * @param together in how many of these the hop was at work with the server
     * @param alone in how many others the hop was at work with the server while no client was with the hop
     * @param connectionsIn of this client
     * @param connectionsOut toward this server, whoever they were for
     * @param bytesIn of this client, both ways; null where unknown
     * @param bytesOut toward this server, both ways; null where unknown
     */
    public record PassThrough(
            ClientEnd client,
            ServerEnd asked,
            ServerEnd server,
            Transport transport,
            long spanMinutes,
            int spans,
            int together,
            int alone,
            long connectionsIn,
            long connectionsOut,
            @Nullable Long bytesIn,
            @Nullable Long bytesOut) {}
}
