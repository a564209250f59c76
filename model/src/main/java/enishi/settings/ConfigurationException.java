package enishi.settings;

/** A setting that cannot be used: unknown, or with a value out of its range. The message says what to do. */
public final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1;

    public ConfigurationException(String message) {
        super(message);
    }
}
