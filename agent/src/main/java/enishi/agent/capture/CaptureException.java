package enishi.agent.capture;

/** A poll that could not be read. The message says what was tried, why it failed and what to do. */
public final class CaptureException extends Exception {
    private static final long serialVersionUID = 1;

    public CaptureException(String message) {
        super(message);
    }

    public CaptureException(String message, Throwable cause) {
        super(message, cause);
    }
}
