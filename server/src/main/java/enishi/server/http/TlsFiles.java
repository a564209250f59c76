package enishi.server.http;

import enishi.settings.ConfigurationException;
import io.helidon.common.configurable.Resource;
import io.helidon.common.pki.Keys;
import io.helidon.common.tls.Tls;
import java.nio.file.Files;
import java.nio.file.Path;

/** A certificate chain and its private key, each a PEM file (RFC 7468). */
public record TlsFiles(Path certificate, Path key) {

    /** Reads both. @throws ConfigurationException if a file cannot be read or is not what it should be */
    public Tls read() throws ConfigurationException {
        for (Path file : new Path[] {certificate, key}) {
            if (!Files.isReadable(file)) {
                throw new ConfigurationException("reading the TLS file " + file + " failed: there is none, or it is not"
                        + " readable; give --tls-cert and --tls-key as PEM files");
            }
        }
        try {
            Keys keys = Keys.builder()
                    .pem(pem -> pem.key(Resource.create(key)).certChain(Resource.create(certificate)))
                    .build();
            return Tls.builder().privateKey(keys).privateKeyCertChain(keys).build();
        } catch (RuntimeException e) {
            throw new ConfigurationException("reading the TLS files " + certificate + " and " + key + " failed: "
                    + e.getMessage() + "; the key must be an unencrypted PKCS#8 PEM file that fits the certificate");
        }
    }
}
