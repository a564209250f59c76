package enishi.agent.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A server in Python that listens on a port of its own and says a number on each line, mostly who served. */
final class OtherProgram implements AutoCloseable {
    private static final String HEAD = """
            import os, signal, socket, struct, sys
            listener = socket.create_server(("127.0.0.1", 0), backlog=64)
            def say(*words): print(*words, flush=True)
            say(listener.getsockname()[1])
            """;
    private final Process process;
    private final BufferedReader out;
    private final int port;

    OtherProgram(String script) throws IOException {
        process = new ProcessBuilder("/usr/bin/python3", "-c", HEAD + script)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        port = (int) says();
    }

    long says() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the other process has ended");
        }
        return Long.parseLong(line);
    }

    Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.destroyForcibly().onExit().join();
    }
}
