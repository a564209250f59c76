import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A server whose every thread has a name of its own: one accepts, and one more for each client reads to the end. */
public final class Threaded {
    public static void main(String[] arguments) throws Exception {
        ServerSocket listener =
                new ServerSocket(Integer.parseInt(arguments[1]), 50, InetAddress.getByName(arguments[0]));
        Thread.ofPlatform().name("acceptor").start(() -> accept(listener));
        System.out.println("ready");
    }

    private static void accept(ServerSocket listener) {
        for (int number = 1; true; number++) {
            try {
                Socket accepted = listener.accept();
                Thread.ofPlatform().name("worker-" + number).start(() -> read(accepted));
            } catch (java.io.IOException e) {
                throw new IllegalStateException("cannot accept", e);
            }
        }
    }

    private static void read(Socket accepted) {
        try (accepted) {
            accepted.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        } catch (java.io.IOException e) {
            throw new IllegalStateException("cannot read", e);
        }
    }
}
