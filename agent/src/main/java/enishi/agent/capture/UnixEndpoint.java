package enishi.agent.capture;

import enishi.agent.kernel.SocketFile;
import enishi.agent.kernel.UnixSocket;
import enishi.model.Address;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Where a unix socket listens. A path means a file, whatever name leads to it and whatever namespace it is asked from;
 * an abstract name means something within its network namespace only (unix(7)).
 *
 * @param namespace network namespace: 0 for the one the agent runs in and for every path, else its inode number
 * @param key tells it from every other on the host: device and inode of the file, or a digest of namespace and name
 * @param name a path, or an abstract name after an {@code @}
 */
record UnixEndpoint(long namespace, Address key, String name) {
    /** What autobind gives (net/unix/af_unix.c, unix_autobind). Nobody asks for such by name. */
    private static final Pattern AUTOBOUND = Pattern.compile("@[0-9a-f]{5}");

    /** Where a socket of a dump is bound; empty for one without a name of its own. */
    static Optional<UnixEndpoint> of(UnixSocket socket, long namespace) {
        byte[] name = socket.name();
        if (name.length == 0) {
            return Optional.empty();
        }
        if (name[0] == 0) {
            UnixEndpoint named = ofAbstract(namespace, name);
            return AUTOBOUND.matcher(named.name()).matches() ? Optional.empty() : Optional.of(named);
        }
        return socket.file().equals(SocketFile.NONE)
                ? Optional.empty()
                : Optional.of(new UnixEndpoint(0, key(socket.file()), text(name)));
    }

    /** The endpoint of an abstract name, which begins with a NUL. */
    static UnixEndpoint ofAbstract(long namespace, byte[] name) {
        return new UnixEndpoint(
                namespace, digest(namespace, name), "@" + text(Arrays.copyOfRange(name, 1, name.length)));
    }

    /** A path that leads nowhere. */
    static UnixEndpoint missing(byte[] path) {
        return new UnixEndpoint(0, digest(-1, path), text(path));
    }

    static Address key(SocketFile file) {
        return new Address(file.device(), file.inode());
    }

    private static Address digest(long namespace, byte[] name) {
        UUID digest = UUID.nameUUIDFromBytes(ByteBuffer.allocate(Long.BYTES + name.length)
                .putLong(namespace)
                .put(name)
                .array());
        return new Address(digest.getMostSignificantBits(), digest.getLeastSignificantBits());
    }

    /** A name is any bytes: UTF-8 if it is, else each byte as one character, so that different names differ. */
    static String text(byte[] name) {
        String utf8 = new String(name, StandardCharsets.UTF_8);
        return utf8.indexOf('\uFFFD') < 0 ? utf8 : new String(name, StandardCharsets.ISO_8859_1);
    }
}
