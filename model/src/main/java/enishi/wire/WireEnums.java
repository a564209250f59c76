package enishi.wire;

import enishi.model.Evidence;
import enishi.model.Role;
import enishi.model.Rung;
import enishi.model.Transport;

/** The closed sets of the model as protobuf numbers them, and back. */
final class WireEnums {
    private WireEnums() {}

    static enishi.wire.v1.Transport write(Transport transport) {
        return switch (transport) {
            case TCP -> enishi.wire.v1.Transport.TRANSPORT_TCP;
            case UDP -> enishi.wire.v1.Transport.TRANSPORT_UDP;
            case UNIX -> enishi.wire.v1.Transport.TRANSPORT_UNIX;
        };
    }

    static Transport read(enishi.wire.v1.Transport transport) {
        return switch (transport) {
            case TRANSPORT_TCP -> Transport.TCP;
            case TRANSPORT_UDP -> Transport.UDP;
            case TRANSPORT_UNIX -> Transport.UNIX;
            case TRANSPORT_UNSPECIFIED, UNRECOGNIZED -> throw unknown("transport");
        };
    }

    static enishi.wire.v1.Role write(Role role) {
        return switch (role) {
            case CLIENT -> enishi.wire.v1.Role.ROLE_CLIENT;
            case SERVER -> enishi.wire.v1.Role.ROLE_SERVER;
        };
    }

    static Role read(enishi.wire.v1.Role role) {
        return switch (role) {
            case ROLE_CLIENT -> Role.CLIENT;
            case ROLE_SERVER -> Role.SERVER;
            case ROLE_UNSPECIFIED, UNRECOGNIZED -> throw unknown("role");
        };
    }

    static enishi.wire.v1.Rung write(Rung rung) {
        return switch (rung) {
            case EBPF -> enishi.wire.v1.Rung.RUNG_EBPF;
            case EBPF_TCP -> enishi.wire.v1.Rung.RUNG_EBPF_TCP;
            case SOCK_DIAG -> enishi.wire.v1.Rung.RUNG_SOCK_DIAG;
            case PROC -> enishi.wire.v1.Rung.RUNG_PROC;
        };
    }

    static Rung read(enishi.wire.v1.Rung rung) {
        return switch (rung) {
            case RUNG_EBPF -> Rung.EBPF;
            case RUNG_EBPF_TCP -> Rung.EBPF_TCP;
            case RUNG_SOCK_DIAG -> Rung.SOCK_DIAG;
            case RUNG_PROC -> Rung.PROC;
            case RUNG_UNSPECIFIED, UNRECOGNIZED -> throw unknown("rung");
        };
    }

    static enishi.wire.v1.Evidence write(Evidence evidence) {
        return switch (evidence) {
            case CONNECT -> enishi.wire.v1.Evidence.EVIDENCE_CONNECT;
            case ACCEPT -> enishi.wire.v1.Evidence.EVIDENCE_ACCEPT;
            case LISTENER -> enishi.wire.v1.Evidence.EVIDENCE_LISTENER;
            case PORT -> enishi.wire.v1.Evidence.EVIDENCE_PORT;
            case POLLED -> enishi.wire.v1.Evidence.EVIDENCE_POLLED;
        };
    }

    static Evidence read(enishi.wire.v1.Evidence evidence) {
        return switch (evidence) {
            case EVIDENCE_CONNECT -> Evidence.CONNECT;
            case EVIDENCE_ACCEPT -> Evidence.ACCEPT;
            case EVIDENCE_LISTENER -> Evidence.LISTENER;
            case EVIDENCE_PORT -> Evidence.PORT;
            case EVIDENCE_POLLED -> Evidence.POLLED;
            case EVIDENCE_UNSPECIFIED, UNRECOGNIZED -> throw unknown("evidence");
        };
    }

    private static IllegalArgumentException unknown(String what) {
        return new IllegalArgumentException("unknown " + what);
    }
}
