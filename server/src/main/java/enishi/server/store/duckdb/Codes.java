package enishi.server.store.duckdb;

import enishi.model.Evidence;
import enishi.model.Role;
import enishi.model.Rung;
import enishi.model.Transport;
import java.util.EnumSet;
import java.util.Set;

/** The numbers that stand for enums in the tables: kept for good, so they never follow the order of declaration. */
final class Codes {
    private Codes() {}

    /** Greater is worse. */
    static int of(Rung rung) {
        return switch (rung) {
            case EBPF -> 10;
            case EBPF_TCP -> 20;
            case SOCK_DIAG -> 30;
            case PROC -> 40;
        };
    }

    static int of(Role role) {
        return switch (role) {
            case CLIENT -> 1;
            case SERVER -> 2;
        };
    }

    /** As the internet protocol numbers them; it has no number for unix. */
    static int of(Transport transport) {
        return switch (transport) {
            case TCP -> 6;
            case UDP -> 17;
            case UNIX -> 256;
        };
    }

    static int of(Set<Evidence> evidence) {
        int bits = 0;
        for (Evidence each : evidence) {
            bits |= bit(each);
        }
        return bits;
    }

    private static int bit(Evidence evidence) {
        return switch (evidence) {
            case CONNECT -> 1;
            case ACCEPT -> 2;
            case LISTENER -> 4;
            case PORT -> 8;
            case POLLED -> 16;
        };
    }

    static Rung rung(int code) {
        for (Rung rung : Rung.values()) {
            if (of(rung) == code) {
                return rung;
            }
        }
        throw new IllegalStateException("no rung has code " + code);
    }

    static Role role(int code) {
        return code == of(Role.CLIENT) ? Role.CLIENT : Role.SERVER;
    }

    static Transport transport(int code) {
        for (Transport transport : Transport.values()) {
            if (of(transport) == code) {
                return transport;
            }
        }
        throw new IllegalStateException("no transport has code " + code);
    }

    static Set<Evidence> evidence(int bits) {
        EnumSet<Evidence> set = EnumSet.noneOf(Evidence.class);
        for (Evidence each : Evidence.values()) {
            if ((bits & bit(each)) != 0) {
                set.add(each);
            }
        }
        return set;
    }
}
