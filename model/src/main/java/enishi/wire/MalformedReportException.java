package enishi.wire;

/** Bytes that are no report: truncated, of another version, or with a value out of its range. */
public final class MalformedReportException extends Exception {
    private static final long serialVersionUID = 1;

    public MalformedReportException(String message, Throwable cause) {
        super(message, cause);
    }
}
