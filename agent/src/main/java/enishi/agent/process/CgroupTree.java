package enishi.agent.process;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The cgroup2 hierarchy by id, for processes that ended before anybody could look: the id of a cgroup is the inode of
 * its folder (fs/kernfs, kernfs_ino). A cgroup made lately is looked for at most every few seconds.
 */
final class CgroupTree {
    private static final long EVERY_MILLIS = 3_000;
    private final Optional<Path> mount;
    private final LongSupplier clock;
    private final Map<Long, Cgroup> byId = new HashMap<>();
    private long walkedMillis = Long.MIN_VALUE;

    CgroupTree(Optional<Path> mount, LongSupplier clock) {
        this.mount = mount;
        this.clock = clock;
    }

    /** What the path of a cgroup tells; nothing where it is not there any more. */
    Cgroup of(long id) {
        Cgroup known = byId.get(id);
        long now = clock.getAsLong();
        if (known == null && (walkedMillis == Long.MIN_VALUE || now - walkedMillis >= EVERY_MILLIS)) {
            walkedMillis = now;
            walk();
            known = byId.get(id);
        }
        return known == null ? Cgroup.NONE : known;
    }

    private void walk() {
        if (mount.isEmpty()) {
            return;
        }
        Path root = mount.get();
        byId.clear();
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
                        throws IOException {
                    byId.put(
                            ((Number) Files.getAttribute(folder, "unix:ino")).longValue(),
                            Cgroup.parse(List.of("0::/" + root.relativize(folder))));
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE; // it was removed meanwhile, or is closed to this user
                }
            });
        } catch (IOException e) {
            System.getLogger(CgroupTree.class.getName())
                    .log(System.Logger.Level.DEBUG, "the cgroups of {0} were not all read: {1}", root, e.toString());
        }
    }
}
