package enishi.agent.kernel;

/** A system call that failed: what was tried, the error number, and what it means. */
public final class KernelException extends Exception {
    private static final long serialVersionUID = 1;
    private final Errno errno;
    private final String reason;

    KernelException(String tried, int number) {
        this(
                tried + " failed: " + Errno.of(number) + " (" + number + "), "
                        + Errno.of(number).meaning(),
                Errno.of(number));
    }

    private KernelException(String reason, Errno errno) {
        super(reason);
        this.reason = reason;
        this.errno = errno;
    }

    public Errno errno() {
        return errno;
    }

    /** What was tried, why it failed and what to do, in one sentence. */
    public String reason() {
        return reason;
    }
}
