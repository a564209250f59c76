package enishi.agent.container;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Serves one route of Docker's API over a Unix socket, as dockerd and podman do: HTTP/1.1, closing when asked to. */
final class FakeRuntime implements AutoCloseable {
    private final Path path;
    private final ServerSocketChannel server;
    private final Function<String, String> answers;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<SocketChannel> open = new CopyOnWriteArrayList<>();

    /** @param answers from the id asked for to all that is answered; empty: says nothing and keeps the connection */
    FakeRuntime(Path path, Function<String, String> answers) throws IOException {
        this.path = path;
        this.answers = answers;
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        Thread.ofVirtual().start(this::serve);
    }

    /** What Go's server sends for a value that fits its buffer. */
    static String json(String body) {
        return "HTTP/1.1 200 OK\r\nApi-Version: 1.47\r\nContent-Type: application/json\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    /** And for a longer one. */
    static String inChunks(String body, int bytes) {
        StringBuilder sent = new StringBuilder(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int at = 0; at < body.length(); at += bytes) {
            String chunk = body.substring(at, Math.min(body.length(), at + bytes));
            sent.append(Integer.toHexString(chunk.length()))
                    .append("\r\n")
                    .append(chunk)
                    .append("\r\n");
        }
        return sent.append("0\r\n\r\n").toString();
    }

    static String missing() {
        String body = "{\"message\":\"No such container\"}\n";
        return "HTTP/1.1 404 Not Found\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    List<String> requests() {
        return requests;
    }

    private void serve() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> answer(client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void answer(SocketChannel client) {
        try {
            String request = read(client);
            requests.add(request);
            String first = request.lines().findFirst().orElse("");
            String id = first.replaceFirst("GET /containers/(.*)/json HTTP/1.1", "$1");
            String answer = answers.apply(id);
            if (!answer.isEmpty()) {
                ByteBuffer out = ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8));
                while (out.hasRemaining()) {
                    client.write(out);
                }
                client.close();
            }
        } catch (IOException e) {
            // the other end gave up
        }
    }

    private static String read(SocketChannel client) throws IOException {
        StringBuilder request = new StringBuilder();
        ByteBuffer in = ByteBuffer.allocate(4_096);
        while (request.indexOf("\r\n\r\n") < 0 && client.read(in.clear()) >= 0) {
            request.append(StandardCharsets.US_ASCII.decode(in.flip()));
        }
        return request.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (SocketChannel each : open) {
            each.close();
        }
        Files.deleteIfExists(path);
    }
}
