package enishi.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Iterator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connections over loopback of which everything is known. Those opened in one second of the wall clock all go to one
 * port, and those of another second to another: what is counted of a port can be held against what was opened in its
 * second, and nothing missing in one second is hidden by too much in another.
 */
final class Load implements AutoCloseable {
    /** Below the ports that the kernel gives to clients. */
    private static final int PORT_FIRST = 20_000;

    private static final int PORTS = 10_000;
    private static final int AHEAD_SECONDS = 2;
    private static final int KEPT_SECONDS = 30;
    private static final int PAUSE_MILLIS_MAX = 60;
    private static final int SHORT_MILLIS_MAX = 150;
    private static final int LONG_ONE_IN = 4;
    private final InetAddress address = InetAddress.getLoopbackAddress();
    private final Random random;
    private final int longestMillis;
    private final Selector selector = Selector.open();
    private final TreeMap<Long, ServerSocketChannel> listeners = new TreeMap<>();
    private final TreeMap<Long, Opened> opened = new TreeMap<>();
    private final PriorityQueue<Held> held = new PriorityQueue<>();
    private final Thread thread = Thread.ofPlatform().name("load").unstarted(this::run);
    private volatile boolean stopped;
    private volatile @Nullable Throwable failure = new IllegalStateException("the load has not ended");

    /**
     * What was opened in one second.
     *
     * @param port to which all of it went
     * @param connections how many, all established
     * @param late whether one was established when the second was over
     */
    record Opened(int port, int connections, boolean late) {
        Opened plus(boolean oneLate) {
            return new Opened(port, connections + 1, late || oneLate);
        }
    }

    private record Held(long untilMillis, SocketChannel client) implements Comparable<Held> {
        @Override
        public int compareTo(Held other) {
            return Long.compare(untilMillis, other.untilMillis);
        }
    }

    private Load(long seed, int longestMillis) throws IOException {
        random = new Random(seed);
        this.longestMillis = longestMillis;
    }

    /** Starts it. One connection in four lives up to so long, the others end much sooner. */
    static Load start(long seed, int longestMillis) throws IOException {
        Load load = new Load(seed, longestMillis);
        load.thread.start();
        return load;
    }

    static boolean isPort(int port) {
        return port >= PORT_FIRST && port < PORT_FIRST + PORTS;
    }

    /** Ends it and tells what was opened, by second of the wall clock. */
    SortedMap<Long, Opened> stop() {
        close();
        if (failure != null) {
            throw new IllegalStateException("the load ended by itself", failure);
        }
        return opened;
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while the load ended", e);
        }
    }

    private void run() {
        try (selector) {
            long nextNanos = System.nanoTime();
            while (!stopped) {
                long now = System.currentTimeMillis();
                listen(now / 1000);
                if (System.nanoTime() >= nextNanos) {
                    open();
                    nextNanos += TimeUnit.MILLISECONDS.toNanos(1L + random.nextInt(PAUSE_MILLIS_MAX));
                }
                endHeld(now);
                selector.select(5);
                accept();
            }
            endHeld(Long.MAX_VALUE);
            for (ServerSocketChannel each : listeners.values()) {
                each.close();
            }
            failure = null;
        } catch (IOException e) {
            failure = e;
        }
    }

    /** A listener for each of the next seconds, and none for those long past. */
    private void listen(long second) throws IOException {
        for (long ahead = second; ahead <= second + AHEAD_SECONDS; ahead++) {
            if (!listeners.containsKey(ahead)) {
                int port = PORT_FIRST + Math.floorMod(ahead, PORTS);
                ServerSocketChannel listener = ServerSocketChannel.open();
                listener.bind(new InetSocketAddress(address, port), 1_000);
                listener.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
                listeners.put(ahead, listener);
            }
        }
        while (listeners.firstKey() < second - KEPT_SECONDS) {
            listeners.pollFirstEntry().getValue().close();
        }
    }

    private void open() throws IOException {
        long second = System.currentTimeMillis() / 1000;
        ServerSocketChannel listener = listeners.get(second);
        if (listener == null) {
            return; // the second began after listen() looked at the clock
        }
        SocketChannel client = SocketChannel.open(listener.getLocalAddress());
        long now = System.currentTimeMillis();
        int port = PORT_FIRST + Math.floorMod(second, PORTS);
        boolean late = now / 1000 != second;
        opened.put(
                second, opened.getOrDefault(second, new Opened(port, 0, false)).plus(late));
        int millisMax = random.nextInt(LONG_ONE_IN) == 0 ? longestMillis : SHORT_MILLIS_MAX;
        held.add(new Held(now + random.nextInt(millisMax), client));
    }

    private void endHeld(long now) throws IOException {
        while (!held.isEmpty() && held.element().untilMillis() <= now) {
            held.remove().client().close();
        }
    }

    private void accept() throws IOException {
        Iterator<SelectionKey> ready = selector.selectedKeys().iterator();
        while (ready.hasNext()) {
            SelectionKey key = ready.next();
            ready.remove();
            if (key.channel() instanceof ServerSocketChannel listener) {
                SocketChannel server = listener.accept();
                if (server != null) {
                    server.configureBlocking(false).register(selector, SelectionKey.OP_READ);
                }
            } else if (key.channel() instanceof SocketChannel server && server.read(ByteBuffer.allocate(1)) < 0) {
                server.close();
            }
        }
    }
}
