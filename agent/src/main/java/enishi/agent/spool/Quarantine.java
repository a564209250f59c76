package enishi.agent.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What was damaged or refused, kept for a person to look at: bounded in files and bytes, the oldest go first. */
final class Quarantine {
    private static final System.Logger LOG = System.getLogger(Quarantine.class.getName());
    private static final int FILES_MAX = 32;
    private final Path folder;
    private final long bytesMax;

    Quarantine(Path folder, long bytesMax) {
        this.folder = folder;
        this.bytesMax = bytesMax;
    }

    /** Keeps these bytes under this name and makes room for them. Failing to is told and changes nothing else. */
    void keep(String name, byte[] bytes) {
        if (bytes.length > bytesMax) {
            LOG.log(System.Logger.Level.WARNING, "spool: {0} has {1} bytes, too many to keep", name, bytes.length);
            return;
        }
        try {
            Path path = folder.resolve(name);
            Files.deleteIfExists(path);
            makeRoom(bytes.length);
            Files.write(path, bytes);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "spool: could not keep {0}: {1}", name, e.toString());
        }
    }

    /** Moves a file here that cannot be read. */
    void take(Path file) throws IOException {
        makeRoom(Math.min(Files.size(file), bytesMax));
        Files.move(file, folder.resolve(file.getFileName() + ".damaged"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void makeRoom(long wanted) throws IOException {
        List<Kept> kept = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path path : files.filter(Quarantine::isOurs).toList()) {
                kept.add(new Kept(path, Files.getLastModifiedTime(path), Files.size(path)));
            }
        }
        kept.sort(Comparator.comparing(Kept::writtenAt).thenComparing(Kept::path));
        long bytes = kept.stream().mapToLong(Kept::bytes).sum();
        for (int i = 0; i < kept.size() && (bytes + wanted > bytesMax || kept.size() - i >= FILES_MAX); i++) {
            Files.delete(kept.get(i).path());
            bytes -= kept.get(i).bytes();
        }
    }

    private static boolean isOurs(Path path) {
        String name = path.getFileName().toString();
        return name.endsWith(".damaged") || name.endsWith(".refused");
    }

    private record Kept(Path path, FileTime writtenAt, long bytes) {}
}
