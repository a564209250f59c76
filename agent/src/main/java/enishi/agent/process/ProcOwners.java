package enishi.agent.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Owners found in {@code /proc/PID/fd}, where each readlink is the dear part (2 µs): processes that gained sockets
 * lately are looked at first, then the newest, then the rest, and the search ends as soon as nothing is wanted.
 *
 * <p>When several processes hold one socket, the one found first is its owner: the worker that lately gained sockets
 * rather than the master it was forked from. An inode not found in {@value #WALKS_MAX} whole walks is given up.
 */
public final class ProcOwners implements Owners {
    private static final int WALKS_MAX = 3;
    private static final int GAINERS_MAX = 256;
    private final ProcessFiles files;
    private final Map<Long, Integer> wanted = new HashMap<>();
    private final Map<Long, Owner> found = new HashMap<>();
    private final Set<Long> givenUp = new HashSet<>();
    private final Set<Integer> gainers = new LinkedHashSet<>();

    public ProcOwners(Path proc) {
        files = new ProcessFiles(proc);
    }

    @Override
    public void want(long inode) {
        if (!found.containsKey(inode) && !givenUp.contains(inode)) {
            wanted.putIfAbsent(inode, 0);
        }
    }

    @Override
    public void forget(long inode) {
        wanted.remove(inode);
        found.remove(inode);
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

    @Override
    public void search() {
        if (wanted.isEmpty()) {
            return;
        }
        for (int pid : likelyFirst()) {
            look(pid);
            if (wanted.isEmpty()) {
                return;
            }
        }
        wanted.replaceAll((inode, walks) -> walks + 1);
        wanted.entrySet().removeIf(entry -> entry.getValue() >= WALKS_MAX && givenUp.add(entry.getKey()));
    }

    private List<Integer> likelyFirst() {
        List<Integer> pids = files.pids();
        gainers.retainAll(new HashSet<>(pids));
        List<Integer> order = new ArrayList<>(gainers);
        pids.stream()
                .filter(pid -> !gainers.contains(pid))
                .sorted(Comparator.reverseOrder())
                .forEach(order::add);
        return order;
    }

    private void look(int pid) {
        List<Long> here = new ArrayList<>();
        files.sockets(pid, inode -> {
            if (wanted.containsKey(inode)) {
                here.add(inode);
            }
        });
        if (here.isEmpty()) {
            return;
        }
        files.owner(pid).ifPresent(owner -> {
            here.forEach(inode -> {
                found.put(inode, owner);
                wanted.remove(inode);
            });
            gained(pid);
        });
    }

    private void gained(int pid) {
        gainers.remove(pid);
        if (gainers.size() >= GAINERS_MAX) {
            gainers.remove(gainers.iterator().next());
        }
        gainers.add(pid);
    }
}
