package enishi.agent.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkloadTest {

    @ParameterizedTest
    @CsvSource({
        "hostname-lb-edge-64df67bd8b-xmzhv, hostname-lb-edge", // a deployment's
        "coredns-5d78c9869d-2kz7p, coredns",
        "kube-proxy-mw2zd, kube-proxy", // a daemon set's
        "postgres-0, postgres", // a stateful set's
        "backup-28301234-x7k2q, backup", // a cron job's
        "resize-3-9hx4b, resize", // an indexed job's
        "kube-apiserver-node1, kube-apiserver-node1", // a static pod's
        "my-spark, my-spark",
        "redis, redis",
        "mysql, mysql"
    })
    void theNextPodOfAControllerHasTheSameName(String pod, String owner) {
        assertThat(Workload.ownerOf(pod)).isEqualTo(owner);
    }

    private static String ofLabels(String labels) throws IOException {
        return Workload.ofLabels(JsonReader.read(labels)).orElse("none");
    }

    /** What holds the namespaces of a pod is a container without a name. */
    @Test
    void podsAreNamedByTheKeysOfKubeletAndOfContainerd() throws IOException {
        String kubelet = """
                {"io.kubernetes.pod.name":"web-0","io.kubernetes.pod.namespace":"shop",
                 "io.kubernetes.container.name":"nginx"}""";
        String containerd = """
                {"io.kubernetes.cri.sandbox-name":"web-0","io.kubernetes.cri.sandbox-namespace":"shop",
                 "io.kubernetes.cri.container-name":"nginx"}""";
        String sandbox = """
                {"io.kubernetes.cri.sandbox-name":"web-0","io.kubernetes.cri.sandbox-namespace":"shop"}""";
        assertThat(ofLabels(kubelet)).isEqualTo("shop/web/nginx");
        assertThat(ofLabels(containerd)).isEqualTo("shop/web/nginx");
        assertThat(ofLabels(sandbox)).isEqualTo("shop/web");
    }

    /** The third of a compose service is as much that service as the first. */
    @Test
    void scaledServicesShareTheirName() throws IOException {
        String compose = """
                {"com.docker.compose.project":"shop","com.docker.compose.service":"web",
                 "com.docker.compose.container-number":"3"}""";
        String swarm = """
                {"com.docker.swarm.service.name":"shop_web","com.docker.swarm.task.name":"shop_web.2.x1y2"}""";
        assertThat(ofLabels(compose)).isEqualTo("shop/web");
        assertThat(ofLabels(swarm)).isEqualTo("shop_web");
        assertThat(ofLabels("{\"com.docker.compose.project\":\"shop\"}")).isEqualTo("none");
        assertThat(ofLabels("null")).isEqualTo("none");
    }

    @Test
    void aNameOfKubeletTellsThePod() {
        assertThat(Workload.ofName("k8s_nginx_web-0_shop_bdd4097d-6795-404e-9bd8-6a1383386198_3"))
                .contains("shop/web/nginx");
        assertThat(Workload.ofName("k8s_POD_web-0_shop_bdd4097d-6795-404e-9bd8-6a1383386198_0"))
                .contains("shop/web");
        assertThat(Workload.ofName("/my_web_1")).contains("my_web_1");
        assertThat(Workload.ofName("/")).isEmpty();
    }

    /** A server refuses a report with a longer one. */
    @Test
    void aNameIsNoLongerThanAReportMayCarry() {
        assertThat(Workload.ofName("x".repeat(10_000)).orElseThrow()).hasSize(200);
    }
}
