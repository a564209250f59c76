package enishi.agent.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import enishi.agent.settings.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over TLS the token reaches only the server it was meant for. */
class HttpPostTlsTest {
    private static final String PASSWORD = "of a throw-away key";

    @TempDir
    Path folder;

    private final AtomicInteger requests = new AtomicInteger();

    /** A key store with a fresh self-signed certificate for this name. */
    private KeyStore keys(String file, String name) throws Exception {
        Path path = folder.resolve(file);
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "server",
                        "-dname",
                        "CN=enishi test",
                        "-ext",
                        "SAN=" + name,
                        "-keystore",
                        path.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(path)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private Path pem(KeyStore store) throws Exception {
        String base64 = Base64.getMimeEncoder()
                .encodeToString(store.getCertificate("server").getEncoded());
        return Files.writeString(
                folder.resolve("ca.pem"), "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
    }

    private HttpsServer serve(KeyStore store) throws GeneralSecurityException, IOException {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private Delivery send(KeyStore served, Path trusted) throws Exception {
        HttpsServer server = serve(served);
        try {
            URI uri = URI.create("https://127.0.0.1:" + server.getAddress().getPort());
            return new HttpPost(() -> uri, () -> "token", Optional.of(Trust.of(trusted))).send(new byte[] {1});
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aServerNamedByATrustedAuthorityGetsTheReport() throws Exception {
        KeyStore keys = keys("keys", "ip:127.0.0.1");
        assertThat(send(keys, pem(keys))).isEqualTo(new Delivery.Accepted());
    }

    @Test
    void aTrustedCertificateOfAnotherNameIsRefused() throws Exception {
        KeyStore keys = keys("keys", "dns:elsewhere.example");
        assertThat(send(keys, pem(keys))).isInstanceOf(Delivery.Unreachable.class);
        assertThat(requests).hasValue(0);
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefused() throws Exception {
        Path trusted = pem(keys("trusted", "ip:127.0.0.1"));
        assertThat(send(keys("other", "ip:127.0.0.1"), trusted)).isInstanceOf(Delivery.Unreachable.class);
        assertThat(requests).hasValue(0);
    }
}
