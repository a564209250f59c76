package enishi.lab.accuracy;

/** A way to tell who depends on whom. */
enum Method {
    ENISHI_EBPF("Enishi, rung ebpf", "ebpf"),
    ENISHI_SOCK_DIAG("Enishi, rung sock_diag", "sock_diag"),
    SHAWK("shawk's rule, 1 s"),
    SS_1("ss established, 1 s"),
    SS_10("ss established, 10 s"),
    FIRST_PACKET("first packet"),
    NSDMINER_EXCLUSIVE("NSDMiner, exclusive"),
    NSDMINER_SHARED("NSDMiner, shared");

    private final String title;
    private final String rung;

    Method(String title) {
        this(title, "");
    }

    Method(String title, String rung) {
        this.title = title;
        this.rung = rung;
    }

    /** The rung of Enishi that it is, or nothing. */
    String rung() {
        return rung;
    }

    String title() {
        return title;
    }
}
