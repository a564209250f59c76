package enishi.model;

/**
 * Which side of a connection a socket is. The client asked (active open), the server listened (passive open);
 * the client depends on the server (Tsubouchi et al. 2019, section 3.1).
 */
public enum Role {
    CLIENT,
    SERVER
}
