package enishi.model;

/** The transport protocol of a connection; {@link #UNIX} stays within one host and has a socket for a port. */
public enum Transport {
    TCP,
    UDP,
    UNIX
}
