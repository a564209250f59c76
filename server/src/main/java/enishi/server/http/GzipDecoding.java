package enishi.server.http;

import io.helidon.http.encoding.ContentDecoder;
import io.helidon.http.encoding.ContentEncoder;
import io.helidon.http.encoding.ContentEncoding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** Lets the web server take gzipped bodies (RFC 1952). Who reads such a body bounds what comes out of it. */
public final class GzipDecoding implements ContentEncoding {

    @Override
    public Set<String> ids() {
        return Set.of("gzip");
    }

    @Override
    public boolean supportsEncoding() {
        return false;
    }

    @Override
    public boolean supportsDecoding() {
        return true;
    }

    @Override
    public ContentDecoder decoder() {
        return packed -> {
            try {
                return new GZIPInputStream(packed);
            } catch (IOException e) {
                throw new UncheckedIOException("the body is not gzip", e);
            }
        };
    }

    @Override
    public ContentEncoder encoder() {
        throw new UnsupportedOperationException("answers are not packed");
    }

    @Override
    public String name() {
        return "gzip";
    }

    @Override
    public String type() {
        return "gzip";
    }
}
