package enishi.agent.container;

import java.io.IOException;
import java.util.Optional;

/** One place that may know a container. It may be slow: it is asked on a thread of its own. */
interface NameSource {

    /** The container's name; empty if it is not known here. @throws IOException if that could not be found out */
    Optional<String> nameOf(String id) throws IOException;

    /** What the place is called in a sentence that says why it did not answer. */
    String label();
}
