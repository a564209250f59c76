package enishi.cli;

import enishi.settings.ExitCode;

/** A command that cannot answer: one line that says what was tried, why it failed and what to do, and the exit code. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final ExitCode code;

    Failure(ExitCode code, String line) {
        super(line);
        this.code = code;
    }

    ExitCode code() {
        return code;
    }
}
