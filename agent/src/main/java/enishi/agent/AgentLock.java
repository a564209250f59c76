package enishi.agent;

import enishi.agent.settings.Reason;
import enishi.settings.ConfigurationException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** One agent for each home: a locked file that names its holder. The kernel frees it however the holder ends. */
final class AgentLock implements AutoCloseable {
    private static final int HOLDER_BYTES_MAX = 32;
    private final FileChannel file;

    private AgentLock(FileChannel file) {
        this.file = file;
    }

    static AgentLock take(Path path) throws ConfigurationException {
        FileChannel file = null;
        try {
            file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (tryLock(file) == null) {
                String holder = holder(file);
                file.close();
                throw new ConfigurationException("another agent " + holder + "works in " + path.getParent()
                        + "; stop it, or give this one another --home");
            }
            file.truncate(0);
            file.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8)));
            return new AgentLock(file);
        } catch (IOException e) {
            closeQuietly(file);
            throw new ConfigurationException("cannot lock " + path + " (" + Reason.of(e) + ")");
        }
    }

    @Override
    public void close() {
        closeQuietly(file);
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held within this very process
        }
    }

    private static String holder(FileChannel file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(HOLDER_BYTES_MAX);
        file.read(bytes, 0);
        String pid = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
        return pid.matches("\\d+") ? "(process " + pid + ") " : "";
    }

    private static void closeQuietly(@Nullable FileChannel file) {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            System.getLogger(AgentLock.class.getName())
                    .log(System.Logger.Level.DEBUG, "closing the lock failed: {0}", e.toString());
        }
    }
}
