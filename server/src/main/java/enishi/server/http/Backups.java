package enishi.server.http;

import enishi.server.api.Asker;
import enishi.server.api.Refusal;
import enishi.server.store.Store;
import enishi.server.store.StoreFullException;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * {@code POST /api/v1/backup}: a copy of the store, for viewers. It is sent and never left on the server, so that a
 * token writes no file there that the asker names; it grows in a scratch folder, and is gone from there before it is
 * sent.
 */
public final class Backups implements HttpService {
    /** How the names of what grows in the scratch folder begin. */
    public static final String PREFIX = "backup-";

    private static final Status INSUFFICIENT_STORAGE_507 = Status.create(507, "Insufficient Storage");
    private final Store store;
    private final Path scratch;

    public Backups(Store store, Path scratch) {
        this.store = store;
        this.scratch = scratch;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/backup", this::backup).any("/backup", (request, response) -> {
            response.header(HeaderNames.ALLOW, "POST");
            throw new Refusal(Status.METHOD_NOT_ALLOWED_405, "a backup is made by POST");
        });
    }

    private void backup(ServerRequest request, ServerResponse response) throws IOException {
        Asker.of(request).requireAll("making a backup");
        if (!request.query().isEmpty()) {
            throw new Refusal(Status.BAD_REQUEST_400, "a backup takes no parameters: it holds all there is");
        }
        try (FileChannel copy = copy()) {
            response.header(HeaderNames.CONTENT_TYPE, "application/octet-stream")
                    .header(HeaderNames.CONTENT_LENGTH, Long.toString(copy.size()));
            try (OutputStream out = response.outputStream();
                    InputStream in = Channels.newInputStream(copy)) {
                in.transferTo(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("sending a backup failed", e);
        }
    }

    /** Open and without a name, so nothing is left however sending ends. */
    private FileChannel copy() throws IOException {
        FirstStart.folder(scratch);
        Path file = scratch.resolve(PREFIX + UUID.randomUUID());
        try {
            store.backup(file);
            return FileChannel.open(file, StandardOpenOption.READ);
        } catch (StoreFullException e) {
            throw new Refusal(INSUFFICIENT_STORAGE_507, String.valueOf(e.getMessage()));
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
