package enishi.agent.container;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The bundles of running containers: each has a {@code config.json} (OCI runtime specification) whose annotations name
 * the pod. containerd has them by namespace and id (core/runtime/v2/bundle.go), CRI-O by id alone and with kubelet's
 * labels among the annotations (internal/factory/container/container.go).
 *
 * @param containerd {@code /run/containerd/io.containerd.runtime.v2.task}
 * @param storage {@code /run/containers/storage/overlay-containers}
 */
record Bundles(Path containerd, Path storage) implements NameSource {

    @Override
    public Optional<String> nameOf(String id) throws IOException {
        Optional<String> name = annotated(storage.resolve(id).resolve("userdata"));
        if (name.isPresent()) {
            return name;
        }
        try (DirectoryStream<Path> namespaces = Files.newDirectoryStream(containerd)) {
            for (Path each : namespaces) {
                Optional<String> found = annotated(each.resolve(id));
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        } catch (NoSuchFileException | AccessDeniedException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> annotated(Path bundle) throws IOException {
        return RuntimeFile.read(bundle.resolve("config.json"))
                .flatMap(config -> Workload.ofLabels(config.at("annotations")));
    }

    @Override
    public String label() {
        return containerd.toString();
    }
}
