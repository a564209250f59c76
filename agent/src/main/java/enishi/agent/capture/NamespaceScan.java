package enishi.agent.capture;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Which network namespaces this host's processes are in, and a process to enter each by. */
final class NamespaceScan {
    private final Path proc;
    private long passedOver;

    NamespaceScan(Path proc) {
        this.proc = proc;
    }

    /** The namespace of the agent itself, by inode number. */
    long own() throws IOException {
        return inode(Files.readSymbolicLink(proc.resolve("self/ns/net")));
    }

    /**
     * Inode number to the folder under /proc of a process in it. Processes that exit or cannot be read are passed over.
     */
    Map<Long, Path> all() throws IOException {
        Map<Long, Path> found = new HashMap<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                try {
                    found.putIfAbsent(inode(Files.readSymbolicLink(process.resolve("ns/net"))), process);
                } catch (IOException e) {
                    passedOver++;
                }
            }
        }
        return found;
    }

    /** How many times a process was passed over, because it had ended or belongs to another user. */
    long passedOver() {
        return passedOver;
    }

    /** The link reads {@code net:[4026531840]}. */
    private static long inode(Path link) {
        String text = link.toString();
        return Long.parseLong(text.substring(text.indexOf('[') + 1, text.indexOf(']')));
    }
}
