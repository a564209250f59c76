package enishi.model;

/** The transport protocol of a connection. */
public enum Transport {
    TCP,
    UDP
}
