package enishi.agent.kernel;

/** Error numbers that calls here can meet, as Linux numbers them on x86-64 and arm64 (asm-generic/errno-base.h). */
public enum Errno {
    EPERM(1, "needs root or a capability"),
    ENOENT(2, "no such file"),
    ESRCH(3, "no such thing in this kernel"),
    EINTR(4, "interrupted"),
    E2BIG(7, "too long"),
    EAGAIN(11, "nothing there yet"),
    ENOMEM(12, "out of memory, or above the limit of locked memory (ulimit -l)"),
    EACCES(13, "not allowed"),
    EBUSY(16, "busy"),
    EINVAL(22, "the kernel does not know this request"),
    EMFILE(24, "too many open files: raise the limit of open files"),
    ENOSYS(38, "the kernel was built without it"),
    ENOBUFS(105, "the kernel's buffer overflowed"),
    EPROTONOSUPPORT(93, "the kernel was built without this protocol"),
    EOPNOTSUPP(95, "the kernel was built without it"),
    ENETUNREACH(101, "no route leads there"),
    EHOSTUNREACH(113, "no route leads there"),
    OTHER(0, "an unexpected error");

    private final int number;
    private final String meaning;

    Errno(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    int number() {
        return number;
    }

    String meaning() {
        return meaning;
    }

    static Errno of(int number) {
        for (Errno each : values()) {
            if (each.number == number) {
                return each;
            }
        }
        return OTHER;
    }
}
