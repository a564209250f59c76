package enishi.agent.process;

import enishi.agent.container.ContainerNames;
import enishi.model.ProcessId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Owners found in {@code /proc/PID/fd}, where each readlink is the dear part (2 µs). Processes never looked at come
 * first, then those whose number of descriptors has changed, then the rest in turn; a search ends as soon as nothing is
 * wanted, or when it has read its share of descriptors, and the next goes on from there.
 *
 * <p>When several processes hold one socket, the one found first is its owner: the worker that lately gained sockets
 * rather than the master it was forked from. An inode that two whole turns over all processes have not shown is given
 * up.
 */
public final class ProcOwners implements Owners, AutoCloseable {
    private static final int FIRST_PID = 1;
    private static final int TURNS_MAX = 2;

    /** What one search may read of the processes that changed, and of the rest: 0.1 s and 0.01 s of CPU at most. */
    private static final int CHANGED_READS_MAX = 50_000;

    private static final int REST_READS_MAX = 4_000;

    private final ProcessFiles files;
    private final ProcessNames names;

    /** Inode to the turn in which it was first wanted. */
    private final Map<Long, Long> wanted = new HashMap<>();

    private final Map<Long, Owner> found = new HashMap<>();

    /** Found at the first process, which keeps sockets for services not started yet: another holder comes before it. */
    private final Set<Long> kept = new HashSet<>();

    private final Set<Long> givenUp = new HashSet<>();
    private final Map<Integer, Looked> looked = new HashMap<>();
    private long searches;
    private long turns;
    private int turnAt;

    /** What is remembered of a process, so that the likely ones are looked at first. */
    private static final class Looked {
        final int pid;
        long aliveInSearch;
        long lookedInSearch;
        long gainedInSearch;
        long descriptors = -1;
        long descriptorsWhenLooked = -1;

        @Nullable Owner owner;

        Looked(int pid) {
            this.pid = pid;
        }
    }

    public ProcOwners(Path proc, ContainerNames containers) {
        files = new ProcessFiles(proc, containers);
        names = new ProcessNames(files, new CgroupTree(mount(proc), System::currentTimeMillis), containers);
    }

    private static Optional<Path> mount(Path proc) {
        try {
            return Cgroup2.mount(proc);
        } catch (IOException e) {
            return Optional.empty(); // the paths of processes that live tell the same
        }
    }

    @Override
    public Owner named(ProcessId process, String name, long cgroup) {
        return names.named(process, name, cgroup);
    }

    @Override
    public void want(long inode) {
        if (!found.containsKey(inode) && !givenUp.contains(inode)) {
            wanted.putIfAbsent(inode, turns);
        }
    }

    @Override
    public void held(long inode, Owner owner) {
        if (kept.contains(inode) || wanted.remove(inode) != null || givenUp.remove(inode)) {
            take(inode, owner);
        }
    }

    private void take(long inode, Owner owner) {
        found.put(inode, owner);
        if (owner.process().pid() == FIRST_PID) {
            kept.add(inode);
        } else {
            kept.remove(inode);
        }
    }

    @Override
    public void forget(long inode) {
        wanted.remove(inode);
        found.remove(inode);
        kept.remove(inode);
        givenUp.remove(inode);
    }

    @Override
    public Optional<Owner> ownerOf(long inode) {
        return Optional.ofNullable(found.get(inode));
    }

    @Override
    public boolean gaveUp(long inode) {
        return givenUp.contains(inode);
    }

    @Override
    public long unreadable() {
        return files.unreadable();
    }

    /** Whether this user may look at the processes of every other: asked of the first process, which is root's. */
    public boolean seesEverybody() {
        return files.isReadable(1);
    }

    @Override
    public void search() {
        if (wanted.isEmpty()) {
            return;
        }
        searches++;
        List<Looked> alive = alive();
        int left = CHANGED_READS_MAX;
        for (Looked each : changed(alive)) {
            left -= look(each);
            if (wanted.isEmpty() || left <= 0) {
                return;
            }
        }
        rest(alive);
    }

    /** Every process, by pid; those that ended are forgotten. */
    private List<Looked> alive() {
        List<Looked> alive = new ArrayList<>();
        files.pids(pid -> {
            Looked each = looked.computeIfAbsent((int) pid, Looked::new);
            each.aliveInSearch = searches;
            alive.add(each);
        });
        looked.values().removeIf(each -> each.aliveInSearch != searches);
        alive.sort(Comparator.comparingInt(each -> each.pid));
        return alive;
    }

    private List<Looked> changed(List<Looked> alive) {
        List<Looked> changed = new ArrayList<>();
        for (Looked each : alive) {
            each.descriptors = files.descriptors(each.pid);
            if (each.descriptors == ProcessFiles.NOT_TOLD || each.descriptors != each.descriptorsWhenLooked) {
                changed.add(each);
            }
        }
        changed.sort(Comparator.comparing((Looked each) -> each.descriptorsWhenLooked < 0)
                .thenComparingLong(each -> each.gainedInSearch)
                .thenComparingInt(each -> each.pid)
                .reversed());
        return changed;
    }

    /** Goes on where the last search stopped; a turn ends behind the greatest pid. */
    private void rest(List<Looked> alive) {
        int left = REST_READS_MAX;
        List<Looked> order = new ArrayList<>(
                alive.stream().filter(each -> each.pid >= turnAt).toList());
        int behind = order.size();
        alive.stream().filter(each -> each.pid < turnAt).forEach(order::add);
        for (int i = 0; i < order.size() && left > 0 && !wanted.isEmpty(); i++) {
            if (i == behind) {
                endTurn();
            }
            left -= look(order.get(i));
            turnAt = order.get(i).pid + 1;
        }
        if (left > 0 && behind == order.size()) {
            endTurn();
        }
    }

    private void endTurn() {
        turns++;
        turnAt = 0;
        wanted.entrySet().removeIf(each -> turns - each.getValue() >= TURNS_MAX && givenUp.add(each.getKey()));
    }

    /** Looks at a process once a search. @return how many of its descriptors were read */
    private int look(Looked process) {
        if (process.lookedInSearch == searches) {
            return 0;
        }
        process.lookedInSearch = searches;
        process.descriptorsWhenLooked = process.descriptors;
        List<Long> here = new ArrayList<>();
        int reads = files.sockets(process.pid, inode -> {
            if (wanted.containsKey(inode) || (process.pid != FIRST_PID && kept.contains(inode))) {
                here.add(inode);
            }
        });
        if (!here.isEmpty()) {
            files.owner(process.pid).ifPresent(owner -> gained(process, owner, here));
        }
        return reads;
    }

    private void gained(Looked process, Owner now, List<Long> inodes) {
        Owner before = process.owner;
        Owner owner = before != null && before.equals(now) ? before : now;
        process.owner = owner;
        process.gainedInSearch = searches;
        for (long inode : inodes) {
            take(inode, owner);
            wanted.remove(inode);
        }
    }

    @Override
    public void close() {
        files.close();
    }
}
