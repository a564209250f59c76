package enishi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.answer.Dependency;
import enishi.model.Evidence;
import enishi.model.Transport;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a rung without the kernel's word for each connect says of unix sockets. */
@Tag("root")
@OnRung("sock_diag")
@ExtendWith(SharedEnishi.class)
class PolledUnixSocketsTest {
    private final Enishi enishi;
    private final Answered answered;

    @AutoClose
    private final OpenFolder folder = OpenFolder.create();

    PolledUnixSocketsTest(Enishi shared) throws Exception {
        enishi = shared;
        answered = new Answered(shared);
    }

    @Test
    void aConnectionThatStaysIsShownWithBothEndsAndSaidToBePolled() throws Exception {
        Path socket = folder.path().resolve("s");
        try (RealProgram both = RealProgram.python(folder.path(), """
                import os, socket, sys, time
                s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(5)
                c = socket.socket(socket.AF_UNIX); c.connect(sys.argv[1]); a = s.accept(); print('connected')
                time.sleep(600)
                """, socket).saying("connected")) {
            Predicate<Dependency> at =
                    each -> socket.toString().equals(each.server().path());
            answered.awaitTies(Set.of(new Tie("python3", "python3", null, null, Transport.UNIX)), at);
            Dependency only = answered.exported(at).getFirst();
            assertThat(only.evidence()).containsExactlyInAnyOrder(Evidence.LISTENER, Evidence.POLLED);
            assertThat(only.active()).isEqualTo(1);
            assertThat(enishi.ask("agent", "status")).contains("unix     polled: ");
            assertThat(both.said()).contains("connected");
        }
    }
}
