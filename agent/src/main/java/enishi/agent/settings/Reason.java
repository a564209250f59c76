package enishi.agent.settings;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Why something failed, in one line for a person. */
public final class Reason {
    private Reason() {}

    public static String of(Exception e) {
        return switch (e) {
            case NoSuchFileException missing -> "no such file";
            case AccessDeniedException denied -> "permission denied";
            default -> oneLine(e);
        };
    }

    public static String oneLine(Exception e) {
        String message = e.getMessage();
        return (message == null ? e.getClass().getSimpleName() : message).replaceAll("\\s+", " ");
    }
}
