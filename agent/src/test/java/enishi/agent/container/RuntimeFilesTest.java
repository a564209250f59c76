package enishi.agent.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files in the shape that each runtime gives them. */
class RuntimeFilesTest {
    private static final String ID = "6a825448c5ef07ac0c3b99532b18bdec0e1d0bb1eb41b4672d570634a1409a85";
    private static final String OTHER = "446c65ab43d490ab8d7f693a46050db88f66a2bf657eda0c3de8bc8bab516be4";

    private static final Path ID_LOG = Path.of("0.log");

    @TempDir
    private Path root;

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    @Test
    void kubeletsLinksTellPodNamespaceAndContainer() throws IOException {
        NameSource logs = new KubeletLogs(root.resolve("containers"));
        assertThat(logs.nameOf(ID)).as("no kubelet here").isEmpty();
        Path folder = Files.createDirectories(root.resolve("containers"));
        Files.createSymbolicLink(
                folder.resolve("web-64df67bd8b-xmzhv_shop_nginx-" + ID + ".log"), Path.of("/var/log/pods/gone/0.log"));
        Files.createSymbolicLink(folder.resolve("kube-proxy-mw2zd_kube-system_kube-proxy-" + OTHER + ".log"), ID_LOG);
        assertThat(logs.nameOf(ID)).contains("shop/web/nginx");
        assertThat(logs.nameOf(OTHER)).contains("kube-system/kube-proxy/kube-proxy");
        assertThat(logs.nameOf(ID.replace('6', '7'))).isEmpty();
    }

    @Test
    void theBundlesOfContainerdAndCriOTellThePod() throws IOException {
        NameSource bundles = new Bundles(root.resolve("task"), root.resolve("storage"));
        assertThat(bundles.nameOf(ID)).isEmpty();
        write("task/k8s.io/" + ID + "/config.json", """
                {"ociVersion":"1.2.0","process":{"args":["nginx"],"env":["HOSTNAME=web"]},"annotations":{
                 "io.kubernetes.cri.container-name":"nginx","io.kubernetes.cri.container-type":"container",
                 "io.kubernetes.cri.image-name":"docker.io/library/nginx:1.27","io.kubernetes.cri.sandbox-name":"web-0",
                 "io.kubernetes.cri.sandbox-namespace":"shop"}}""");
        write("task/moby/" + OTHER + "/config.json", "{\"ociVersion\":\"1.2.0\",\"process\":{\"args\":[\"x\"]}}");
        assertThat(bundles.nameOf(ID)).contains("shop/web/nginx");
        assertThat(bundles.nameOf(OTHER)).as("Docker says nothing there").isEmpty();
        write("storage/" + OTHER + "/userdata/config.json", """
                {"annotations":{"io.container.manager":"cri-o","io.kubernetes.container.name":"db",
                 "io.kubernetes.pod.name":"db-1","io.kubernetes.pod.namespace":"shop"}}""");
        assertThat(bundles.nameOf(OTHER)).contains("shop/db/db");
    }

    @Test
    void whatDockerKeepsOfAContainerTellsItsName() throws IOException {
        NameSource docker = new DockerFiles(root.resolve("containers"));
        assertThat(docker.nameOf(ID)).isEmpty();
        write("containers/" + ID + "/config.v2.json", """
                {"StreamConfig":{},"State":{"Running":true,"Pid":42,"Health":null},"ID":"%s","Managed":false,
                 "Path":"docker-entrypoint.sh","Args":["bash"],"Config":{"Hostname":"badb01badb01","Env":["A=B"],
                 "Image":"redis:7","Labels":{}},"Image":"sha256:ab","Name":"/cache","RestartCount":0}""".formatted(ID));
        assertThat(docker.nameOf(ID)).contains("cache");
    }

    @Test
    void podmansListsTellTheNameAlsoOfWhatGoesAwayAtItsEnd() throws IOException {
        NameSource storage = new StorageFiles(root.resolve("overlay-containers"));
        assertThat(storage.nameOf(ID)).isEmpty();
        write("overlay-containers/containers.json", """
                [{"id":"%s","names":["shop-db"],"image":"ab","layer":"cd",
                 "metadata":"{\\"image-name\\":\\"pg\\"}"}]""".formatted(ID));
        write("overlay-containers/volatile-containers.json", """
                [{"id":"%s","names":["once"],"flags":{"Volatile":true}},{"id":"x"}]""".formatted(OTHER));
        assertThat(storage.nameOf(ID)).contains("shop-db");
        assertThat(storage.nameOf(OTHER)).contains("once");
        assertThat(storage.nameOf("0".repeat(64))).isEmpty();
    }

    @Test
    void aFileThatIsDamagedOrTooLongIsSaid() throws IOException {
        NameSource docker = new DockerFiles(root.resolve("containers"));
        write("containers/" + ID + "/config.v2.json", "{\"Name\":\"/ca");
        assertThatThrownBy(() -> docker.nameOf(ID)).hasMessageContaining("no JSON");
        write("containers/" + OTHER + "/config.v2.json", " ".repeat((1 << 20) + 1));
        assertThatThrownBy(() -> docker.nameOf(OTHER)).hasMessageContaining("longer than");
    }
}
