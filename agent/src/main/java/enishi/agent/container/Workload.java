package enishi.agent.container;

import java.util.Optional;
import java.util.regex.Pattern;

/** What runs in a container, named so that the next container of the same kind has the same name. */
final class Workload {
    /** Leaves room for a unit behind it within what a server takes as a name. */
    private static final int CHARS_MAX = 200;

    /** What generated names end in: no vowels, nothing that looks like another (apimachinery's util/rand). */
    private static final String RANDOM = "[bcdfghjklmnpqrstvwxz2456789]";

    /** A pod of a replica set, which has the hash of its template in its name. */
    private static final Pattern OF_REPLICA_SET = Pattern.compile("-" + RANDOM + "{6,10}-" + RANDOM + "{5}$");

    /** A pod of a job that a cron job made, the minute in its name; or one of an indexed job. */
    private static final Pattern OF_NUMBERED_JOB = Pattern.compile("-\\d+-" + RANDOM + "{5}$");

    /** A pod of a daemon set or a job; or of a stateful set. */
    private static final Pattern OF_SET = Pattern.compile("-(?:" + RANDOM + "{5}|\\d+)$");

    private Workload() {}

    /**
     * {@code namespace/owner/container}; the container that holds a pod's namespaces has no name of its own.
     *
     * @param container empty for that one
     */
    static String ofPod(String namespace, String pod, String container) {
        String owned = namespace + "/" + ownerOf(pod);
        return bounded(container.isEmpty() ? owned : owned + "/" + container);
    }

    /** The pod's name without what its controller adds to its own; a pod that nobody controls keeps its name. */
    static String ownerOf(String pod) {
        for (Pattern each : new Pattern[] {OF_NUMBERED_JOB, OF_REPLICA_SET, OF_SET}) {
            String owner = each.matcher(pod).replaceFirst("");
            if (!owner.equals(pod) && !owner.isEmpty()) {
                return owner;
            }
        }
        return pod;
    }

    /**
     * What the labels of a container or annotations of its bundle tell, by the keys of kubelet
     * (pkg/kubelet/types/labels.go), of containerd's CRI plugin (internal/cri/annotations), of Docker's swarm and of
     * compose.
     */
    static Optional<String> ofLabels(Json labels) {
        Optional<String> pod = first(labels, "io.kubernetes.pod.name", "io.kubernetes.cri.sandbox-name");
        Optional<String> namespace =
                first(labels, "io.kubernetes.pod.namespace", "io.kubernetes.cri.sandbox-namespace");
        if (pod.isPresent() && namespace.isPresent()) {
            String container = first(labels, "io.kubernetes.container.name", "io.kubernetes.cri.container-name")
                    .orElse("");
            return Optional.of(ofPod(namespace.get(), pod.get(), container.equals("POD") ? "" : container));
        }
        Optional<String> swarm = first(labels, "com.docker.swarm.service.name");
        Optional<String> project = first(labels, "com.docker.compose.project", "io.podman.compose.project");
        Optional<String> service = first(labels, "com.docker.compose.service", "io.podman.compose.service");
        return swarm.or(() -> project.flatMap(each -> service.map(one -> each + "/" + one)))
                .map(Workload::bounded);
    }

    private static Optional<String> first(Json labels, String key, String... otherwise) {
        Optional<String> found = labels.at(key).text().filter(text -> !text.isEmpty());
        for (String each : otherwise) {
            found = found.or(() -> labels.at(each).text().filter(text -> !text.isEmpty()));
        }
        return found;
    }

    /**
     * What a name alone tells: kubelet's {@code k8s_CONTAINER_POD_NAMESPACE_UID_ATTEMPT} (cri-o's internal/factory,
     * cri-dockerd's core/naming.go), else the name itself. Docker writes a slash before it.
     */
    static Optional<String> ofName(String name) {
        String bare = name.startsWith("/") ? name.substring(1) : name;
        String[] parts = bare.split("_", -1);
        if (parts.length == 6 && parts[0].equals("k8s")) {
            return Optional.of(ofPod(parts[3], parts[2], parts[1].equals("POD") ? "" : parts[1]));
        }
        return bare.isEmpty() ? Optional.empty() : Optional.of(bounded(bare));
    }

    private static String bounded(String name) {
        return name.length() <= CHARS_MAX ? name : name.substring(0, CHARS_MAX);
    }
}
