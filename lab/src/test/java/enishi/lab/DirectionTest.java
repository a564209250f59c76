package enishi.lab;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who asked whom, on rung ebpf: nothing that misleads matters. */
@Tag("root")
@ExtendWith(SharedEnishi.class)
class DirectionTest extends DirectionKit {
    DirectionTest(Enishi shared) throws IOException {
        super(shared);
    }

    @Override
    boolean isNamedHoweverBrief() {
        return true;
    }

    @Test
    void aListenerThatLivedForAThirdOfASecond() throws Exception {
        int port = Sockets.free(1).getFirst();
        peer("shortd", "listen-shortly tcp " + far + " " + port + " shortly");
        awaitTies(Tie.tcp("shortly", "shortd", far, port));
        answered.awaitConnections(3, this::isHere);
    }
}
