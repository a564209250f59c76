package enishi.settings;

/**
 * What a command's exit says, after BSD's sysexits.h. 1 and 2 are answers, given only by commands that ask YES or NO.
 */
public enum ExitCode {
    OK(0),
    NO(1),
    USAGE(64),
    UNKNOWN_NODE(66),
    UNAVAILABLE(69),
    BUG(70),
    STORE(74),
    NOT_ALLOWED(77),
    CONFIGURATION(78);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
