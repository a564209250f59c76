package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.Dependency;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who asked whom, on rung sock_diag: the same of all that lives for a second or two. */
@Tag("root")
@ExtendWith(SharedEnishi.class)
@OnRung("sock_diag")
class PolledDirectionTest extends DirectionKit {
    PolledDirectionTest(Enishi shared) throws IOException {
        super(shared);
    }

    @Override
    boolean isNamedHoweverBrief() {
        return false;
    }

    /** Between two polls nobody can tell the programs, but every connection and which way it went. */
    @Test
    void aListenerThatLivedForAThirdOfASecond() throws Exception {
        int port = Sockets.free(1).getFirst();
        peer("shortd", "listen-shortly tcp " + far + " " + port + " shortly");
        answered.awaitConnections(3, this::isHere);
        List<Dependency> seen = answered.exported(this::isHere);
        assertThat(seen).allSatisfy(each -> {
            assertThat(each.server().port()).isEqualTo(port);
            assertThat(each.client().program()).isIn(null, "shortly");
            assertThat(each.server().program()).isIn(null, "shortd");
        });
    }
}
