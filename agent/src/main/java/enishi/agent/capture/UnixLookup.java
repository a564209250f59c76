package enishi.agent.capture;

import enishi.agent.kernel.KernelException;
import enishi.agent.kernel.ProcessView;
import enishi.agent.kernel.SocketFile;
import enishi.agent.kernel.UnixAsked;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which file a path meant to the process that asked for it: looked up as that process would, or, when it has ended, as
 * another that sees the same files does. What was found is remembered for a while, for a server may have ended and
 * taken its file away by the time anybody looks.
 */
final class UnixLookup {
    private static final long REMEMBERED_MILLIS = 60_000;
    private static final int REMEMBERED_MAX = 8_192;
    private final Path proc;
    private final Map<Asking, Found> remembered = new LinkedHashMap<>();
    private final Map<View, Path> viewers = new HashMap<>();
    private final Map<Asking, Result> now = new HashMap<>();
    private boolean scanned;

    /** The files that a process sees: its mount namespace, and its root in there. */
    private record View(long mounts, long root) {}

    private record Asking(View view, String path) {}

    private record Found(SocketFile file, long atMillis) {}

    /** What looking came to. */
    sealed interface Result {

        /** A file is there, or was lately. */
        record At(SocketFile file) implements Result {}

        /** Nothing is there. */
        record Nothing() implements Result {}

        /** Nobody who sees the same files is left. */
        record NobodyLeft() implements Result {}
    }

    UnixLookup(Path proc) {
        this.proc = proc;
    }

    /** Begins a poll: what was looked up in it before is looked up anew. */
    void begin(long nowMillis) {
        now.clear();
        scanned = false;
        remembered.values().removeIf(each -> Math.abs(nowMillis - each.atMillis()) > REMEMBERED_MILLIS);
    }

    /** The file that a path means to who asked. */
    Result file(UnixAsked asked, long nowMillis) {
        View view = new View(asked.mounts(), asked.root());
        String path = new String(asked.name(), StandardCharsets.ISO_8859_1);
        if (!path.startsWith("/")) {
            Optional<String> whole = whole(asked.pid(), path);
            if (whole.isEmpty()) {
                return new Result.NobodyLeft();
            }
            path = whole.get();
        }
        Asking asking = new Asking(view, path);
        Result known = now.get(asking);
        if (known == null) {
            known = look(asking, asked.pid(), nowMillis);
            now.put(asking, known);
        }
        return known;
    }

    /** A relative path as one from the root, which only the process itself can tell. */
    private Optional<String> whole(int pid, String path) {
        try {
            String folder = Files.readSymbolicLink(proc.resolve(pid + "/cwd")).toString();
            byte[] bytes = folder.getBytes(StandardCharsets.UTF_8);
            return folder.startsWith("/")
                    ? Optional.of(new String(bytes, StandardCharsets.ISO_8859_1) + "/" + path)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Result look(Asking asking, int pid, long nowMillis) {
        Optional<Path> viewer = viewer(asking.view(), pid);
        if (viewer.isPresent()) {
            try (ProcessView view = ProcessView.open(viewer.get())) {
                Optional<SocketFile> file = view.file(asking.path().getBytes(StandardCharsets.ISO_8859_1));
                if (file.isPresent()) {
                    remember(asking, file.get(), nowMillis);
                    return new Result.At(file.get());
                }
            } catch (KernelException | IOException e) {
                viewers.remove(asking.view());
            }
        }
        Found before = remembered.get(asking);
        if (before != null) {
            return new Result.At(before.file());
        }
        return viewer.isPresent() ? new Result.Nothing() : new Result.NobodyLeft();
    }

    private void remember(Asking asking, SocketFile file, long nowMillis) {
        remembered.remove(asking);
        remembered.put(asking, new Found(file, nowMillis));
        if (remembered.size() > REMEMBERED_MAX) {
            remembered.remove(remembered.keySet().iterator().next());
        }
    }

    /** A process that sees these files: the one that asked, the one that served before, or any. */
    private Optional<Path> viewer(View view, int pid) {
        Path before = viewers.get(view);
        if (before != null && sees(before, view)) {
            return Optional.of(before);
        }
        Path asker = proc.resolve(Integer.toString(pid));
        if (!sees(asker, view)) {
            if (!scanned) {
                scan();
            }
            asker = viewers.getOrDefault(view, asker);
        }
        if (!sees(asker, view)) {
            viewers.remove(view);
            return Optional.empty();
        }
        viewers.put(view, asker);
        return Optional.of(asker);
    }

    private static boolean sees(Path process, View view) {
        return view.equals(viewOf(process).orElse(null));
    }

    private static Optional<View> viewOf(Path process) {
        try (ProcessView seen = ProcessView.open(process)) {
            String link = Files.readSymbolicLink(process.resolve("ns/mnt")).toString(); // mnt:[4026531841]
            long mounts = Long.parseLong(link.substring(link.indexOf('[') + 1, link.indexOf(']')));
            return Optional.of(new View(mounts, seen.root()));
        } catch (IOException | KernelException | NumberFormatException | IndexOutOfBoundsException e) {
            return Optional.empty(); // it has ended, or is another user's
        }
    }

    /** One process for each view there is, once a poll at most. */
    private void scan() {
        scanned = true;
        viewers.clear();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                viewOf(process).ifPresent(view -> viewers.putIfAbsent(view, process));
            }
        } catch (IOException e) {
            viewers.clear(); // then nobody is found, which is what is told
        }
    }
}
