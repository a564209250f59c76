package enishi.agent.container;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What Podman and CRI-O keep in their common storage: a list of containers with id and names, those made with
 * {@code --rm} in a list of their own (containers/storage, containers.go).
 *
 * @param folder {@code /var/lib/containers/storage/overlay-containers}
 */
record StorageFiles(Path folder) implements NameSource {
    private static final List<String> LISTS = List.of("containers.json", "volatile-containers.json");

    @Override
    public Optional<String> nameOf(String id) throws IOException {
        for (String list : LISTS) {
            Optional<Json> containers = RuntimeFile.read(folder.resolve(list));
            for (Json each : containers.orElse(Json.NOTHING).items()) {
                if (each.at("id").text().filter(id::equals).isPresent()) {
                    return each.at("names").items().stream()
                            .flatMap(name -> name.text().stream())
                            .findFirst()
                            .flatMap(Workload::ofName);
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public String label() {
        return folder.toString();
    }
}
