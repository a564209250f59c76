package enishi.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real program that a test runs. What it says goes to a file; it ends with the test, its children too. */
public final class RealProgram implements AutoCloseable {
    private static final Path PEER = Enishi.ROOT.resolve("lab/src/test/programs/peer");
    private static final long PATIENCE_SECONDS = 10;
    private final Process process;
    private final Path said;

    private RealProgram(Process process, Path said) {
        this.process = process;
        this.said = said;
    }

    /** Starts a command whose output goes to a fresh file of this folder. */
    public static RealProgram start(Path folder, List<String> command) throws IOException {
        Path said = Files.createTempFile(folder, "said", ".log");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        return new RealProgram(process, said);
    }

    /** Starts a program of Debian's Python, which says at once what it says. */
    static RealProgram python(Path folder, String program, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("/usr/bin/python3", "-uc", program));
        Stream.of(arguments).map(String::valueOf).forEach(command::add);
        return start(folder, command);
    }

    /** Starts {@code lab/src/test/programs/peer} under this name at a place, until it has opened all it was told to. */
    static RealProgram peer(Path folder, String name, Place at, String... acts) throws Exception {
        List<String> command = new ArrayList<>(at.prefix());
        command.add(installed(folder, name).toString());
        command.addAll(List.of(acts));
        return start(folder, command).saying("ready");
    }

    /** The peer under another name: the same script is then another program. */
    private static Path installed(Path folder, String name) throws IOException {
        Path script = folder.resolve(name);
        if (!Files.exists(script)) {
            Files.copy(PEER, script);
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return script;
    }

    public long pid() {
        return process.pid();
    }

    /** Its name as ps(1) prints it. */
    String name() throws IOException {
        Process ps = new ProcessBuilder("ps", "-o", "comm=", "-p", Long.toString(pid())).start();
        return new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
    }

    public String said() {
        try {
            return Files.readString(said);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read what " + process.info().command() + " said", e);
        }
    }

    /** Waits until it has said this. */
    public RealProgram saying(String text) throws InterruptedException {
        try {
            Enishi.await(text + " from " + process.info().commandLine(), () -> {
                if (!process.isAlive() && !said().contains(text)) {
                    throw new AssertionError("it ended: " + said());
                }
                return said().contains(text);
            });
        } catch (AssertionError e) {
            close();
            throw e;
        }
        return this;
    }

    /** Waits for it to end by itself. @return its exit code */
    public int ended(long seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end: " + said());
        }
        return process.exitValue();
    }

    private List<ProcessHandle> all() {
        return Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
    }

    /** SIGKILL for several and their children, all at once. They are over on return. */
    public static void kill(List<RealProgram> programs) throws InterruptedException {
        List<ProcessHandle> all =
                programs.stream().flatMap(each -> each.all().stream()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle each : all) {
            Part.until("the end of " + each, () -> !each.isAlive());
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> all = all();
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }
}
