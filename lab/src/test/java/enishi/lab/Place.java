package enishi.lab;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a program runs and is asked.
 *
 * @param prefix what a command begins with to run there
 */
record Place(List<String> prefix, String v4, String v6) {
    /** The loopback interface of the network namespace that the tests run in. */
    static final Place LOOPBACK = new Place(List.of(), "127.0.0.1", "::1");

    /** A command as it is run there. */
    List<String> command(String... words) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(words));
        return command;
    }

    /** The same for a user with no privilege. */
    Place asNobody() {
        return new Place(command("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"), v4, v6);
    }

    /** Both addresses. */
    List<String> addresses() {
        return List.of(v4, v6);
    }
}
