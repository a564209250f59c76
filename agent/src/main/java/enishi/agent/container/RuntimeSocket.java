package enishi.agent.container;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * A runtime asked over its socket: {@code GET /containers/ID/json} of Docker's API, which Podman serves too. One
 * question has {@code patience} from connecting to the last byte.
 */
record RuntimeSocket(Path path, Duration patience) implements NameSource {
    private static final int BYTES_MAX = 1 << 20;
    private static final int CHUNK_BYTES_MAX = BYTES_MAX;

    @Override
    public Optional<String> nameOf(String id) throws IOException {
        String answer = new String(ask(id), StandardCharsets.ISO_8859_1);
        int end = answer.indexOf("\r\n\r\n");
        if (end < 0 || !answer.startsWith("HTTP/1.")) {
            throw new IOException("it does not speak HTTP");
        }
        String head = answer.substring(0, end).toLowerCase(Locale.ROOT);
        String status = head.lines().findFirst().orElseThrow();
        if (status.matches("http/1\\.\\d 404.*")) {
            return Optional.empty();
        }
        if (!status.matches("http/1\\.\\d 200.*")) {
            throw new IOException("it answers '" + status.substring(0, Math.min(status.length(), 80)) + "'");
        }
        String body = answer.substring(end + 4);
        boolean chunked = head.contains("\r\ntransfer-encoding: chunked");
        byte[] bytes = (chunked ? joined(body) : body).getBytes(StandardCharsets.ISO_8859_1);
        return DockerFiles.named(JsonReader.read(new String(bytes, StandardCharsets.UTF_8)));
    }

    /** The bytes of an answer, read until the runtime closes as it is asked to. */
    private byte[] ask(String id) throws IOException {
        long untilNanos = System.nanoTime() + patience.toNanos();
        String request = "GET /containers/" + id + "/json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
                Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
            ByteBuffer out = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
            while (out.hasRemaining()) {
                await(selector, untilNanos);
                channel.write(out);
            }
            key.interestOps(SelectionKey.OP_READ);
            return all(channel, selector, untilNanos);
        }
    }

    private byte[] all(SocketChannel channel, Selector selector, long untilNanos) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        ByteBuffer in = ByteBuffer.allocate(16 << 10);
        int bytes = 0;
        while (bytes >= 0) {
            await(selector, untilNanos);
            bytes = channel.read(in.clear());
            read.write(in.array(), 0, Math.max(bytes, 0));
            if (read.size() > BYTES_MAX) {
                throw new IOException("its answer is longer than " + BYTES_MAX + " bytes");
            }
        }
        return read.toByteArray();
    }

    private void await(Selector selector, long untilNanos) throws IOException {
        long left = untilNanos - System.nanoTime();
        if (left <= 0 || selector.select(Math.max(1, left / 1_000_000)) == 0) {
            throw new IOException("it has not answered within " + patience.toMillis() + " ms");
        }
        selector.selectedKeys().clear();
    }

    /** The data of a body sent in chunks (RFC 9112 section 7.1). */
    private static String joined(String body) throws IOException {
        StringBuilder data = new StringBuilder();
        int at = 0;
        while (true) {
            int end = body.indexOf("\r\n", at);
            int length = end < 0 ? -1 : length(body.substring(at, end));
            if (length == 0) {
                return data.toString();
            }
            if (length < 0 || end + 2 + length + 2 > body.length()) {
                throw new IOException("its answer is cut short");
            }
            data.append(body, end + 2, end + 2 + length);
            at = end + 2 + length + 2;
        }
    }

    private static int length(String line) {
        try {
            int length = Integer.parseUnsignedInt(line.split(";", 2)[0].strip(), 16);
            return length > CHUNK_BYTES_MAX ? -1 : length;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    @Override
    public String label() {
        return path.toString();
    }
}
