package enishi.agent.container;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The links that kubelet makes to the log of each container, whatever runtime it runs in:
 * {@code POD_NAMESPACE_CONTAINER-ID.log} (kubernetes, pkg/kubelet/kuberuntime/legacy.go). A name too long for a file is
 * cut there, and the id with it: such a container is not found here.
 */
record KubeletLogs(Path folder) implements NameSource {
    private static final String SUFFIX = ".log";

    @Override
    public Optional<String> nameOf(String id) throws IOException {
        try (DirectoryStream<Path> links = Files.newDirectoryStream(folder, "*-" + id + SUFFIX)) {
            for (Path each : links) {
                String name = each.getFileName().toString();
                String[] parts = name.substring(0, name.length() - SUFFIX.length() - id.length() - 1)
                        .split("_", -1);
                if (parts.length == 3) {
                    return Optional.of(Workload.ofPod(parts[1], parts[0], parts[2]));
                }
            }
            return Optional.empty();
        } catch (NoSuchFileException | AccessDeniedException e) {
            return Optional.empty();
        }
    }

    @Override
    public String label() {
        return folder.toString();
    }
}
