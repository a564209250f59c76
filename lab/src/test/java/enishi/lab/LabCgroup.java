package enishi.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A cgroup of this test's own at a path such as a container runtime makes; it goes when nobody is in it any more. */
record LabCgroup(Path top, Path folder) implements AutoCloseable {

    /** In the hierarchy of cgroup2. */
    static LabCgroup v2(String path) throws IOException {
        return make(mounts().filter(fields -> isOf(fields, "cgroup2")), path);
    }

    /** In a hierarchy of v1, or where this machine has none in that of cgroup2. */
    static LabCgroup v1(String path) throws IOException {
        boolean none = mounts().noneMatch(LabCgroup::isPids);
        return none ? v2(path) : make(mounts().filter(LabCgroup::isPids), path);
    }

    private static Stream<List<String>> mounts() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream().map(line -> List.of(line.split(" ", -1)));
    }

    private static boolean isOf(List<String> fields, String type) {
        return fields.get(fields.indexOf("-") + 1).equals(type) && fields.get(3).equals("/");
    }

    private static boolean isPids(List<String> fields) {
        return isOf(fields, "cgroup") && fields.getLast().contains("pids");
    }

    private static LabCgroup make(Stream<List<String>> mounts, String path) throws IOException {
        Path mount = Path.of(mounts.findFirst()
                .orElseThrow(() -> new IOException("no such cgroups here"))
                .get(4));
        Path folder = mount.resolve(path);
        Files.createDirectories(folder);
        return new LabCgroup(mount, folder);
    }

    /** A place whose programs run in this cgroup and in a pid namespace of their own. */
    Place containing(Place place) {
        List<String> command = new ArrayList<>(
                List.of("sh", "-c", "echo $$ > " + folder.resolve("cgroup.procs") + " && exec \"$@\"", "container"));
        command.addAll(place.command("unshare", "--pid", "--fork", "--kill-child"));
        return new Place(command, place.v4(), place.v6());
    }

    /** Removes it and what it lay in, as far as that is empty. */
    @Override
    public void close() throws IOException {
        try {
            Enishi.await("an empty " + folder, () -> folder.toFile().delete());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Path outer = folder.getParent();
        while (outer != null && !outer.equals(top) && outer.toFile().delete()) {
            outer = outer.getParent();
        }
    }
}
