package enishi.server.api;

import io.helidon.http.Status;

/** A question that is not answered, and why: becomes problem+json (RFC 9457). */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Status status;
    private final String reason;

    public Refusal(Status status, String reason) {
        super(reason);
        this.status = status;
        this.reason = reason;
    }

    public Status status() {
        return status;
    }

    /** One sentence: what was asked, why it cannot be answered, what to do. */
    public String reason() {
        return reason;
    }
}
