package enishi.server.api;

import enishi.answer.Dependency;
import enishi.model.Address;
import enishi.model.Listener;
import enishi.server.graph.Hosts;
import enishi.server.store.KnownListener;

/** Whether anything reached a listener. */
final class Unused {
    private Unused() {}

    static boolean isUsed(KnownListener known, Dependency dependency, Hosts hosts) {
        Listener listener = known.listener();
        return hosts.name(listener.host()).equals(dependency.server().host())
                && listener.takes(
                        Address.parse(dependency.server().address()),
                        dependency.server().port(),
                        dependency.transport());
    }
}
