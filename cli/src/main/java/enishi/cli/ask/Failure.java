package enishi.cli.ask;

import enishi.settings.ExitCode;

/** A command that cannot answer: one line that says what was tried, why it failed and what to do, and the exit code. */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final ExitCode code;

    public Failure(ExitCode code, String line) {
        super(line);
        this.code = code;
    }

    public ExitCode code() {
        return code;
    }
}
