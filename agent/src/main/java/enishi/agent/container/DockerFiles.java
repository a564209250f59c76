package enishi.agent.container;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What Docker keeps of each container: {@code ID/config.v2.json} (moby, daemon/container), in which name and labels lie
 * where the answer of its API has them.
 *
 * @param folder {@code /var/lib/docker/containers}
 */
record DockerFiles(Path folder) implements NameSource {

    @Override
    public Optional<String> nameOf(String id) throws IOException {
        return RuntimeFile.read(folder.resolve(id).resolve("config.v2.json")).flatMap(DockerFiles::named);
    }

    /** The name of one container as Docker describes it. */
    static Optional<String> named(Json container) {
        return Workload.ofLabels(container.at("Config").at("Labels"))
                .or(() -> container.at("Name").text().flatMap(Workload::ofName));
    }

    @Override
    public String label() {
        return folder.toString();
    }
}
