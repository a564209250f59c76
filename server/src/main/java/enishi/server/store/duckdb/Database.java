package enishi.server.store.duckdb;

import enishi.model.Window;
import enishi.server.store.StoreException;
import enishi.server.store.TooManyFlowsException;
import enishi.server.store.duckdb.copies.Copying;
import enishi.server.store.duckdb.schema.Schema;
import enishi.server.store.duckdb.tiers.Kind;
import enishi.server.store.duckdb.tiers.Slots;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * The one open database of this process: the writer's connection and a short-lived duplicate for each question. A fatal
 * error makes the engine refuse everything until all its connections are closed; {@link #reopen()} does that.
 *
 * <p>Questions run on their own threads, few at once, so that the asker may be interrupted while the engine works and
 * no virtual thread's carrier is held inside native code.
 */
final class Database implements AutoCloseable {
    /** How many questions may wait for each that runs. */
    private static final int WAITING = 16;

    private static final System.Logger LOG = System.getLogger(Database.class.getName());

    private final DuckDbSettings settings;
    private final ThreadPoolExecutor asking;
    private final Set<Running> running = ConcurrentHashMap.newKeySet();
    private volatile DuckDBConnection writer;

    /** What runs on a connection of its own and may be cancelled. */
    interface Running {
        void cancel();
    }

    /** One question: it runs its statements, one after the other, and reads their rows. */
    interface Question<T> {
        T ask(Moment moment) throws SQLException;
    }

    /** What a question sees of the database: one moment of it. */
    interface Moment {
        /**
         * The next statement of a question, which can be cancelled from outside. It is not prepared: the engine plans a
         * prepared one twice, and planning takes longer than reading.
         */
        Statement statement() throws SQLException;

        /** The tables of each tier. */
        Slots slots(Kind kind) throws SQLException;

        /** Those that tell of a window. */
        Slots slots(Kind kind, Window window) throws SQLException;
    }

    Database(DuckDbSettings settings) {
        this.settings = settings;
        writer = open(settings);
        asking = new ThreadPoolExecutor(
                settings.questionsAtOnce(),
                settings.questionsAtOnce(),
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(settings.questionsAtOnce() * WAITING),
                Thread.ofPlatform().daemon().name("store-question-", 0).factory());
        asking.allowCoreThreadTimeOut(true);
    }

    DuckDBConnection writer() {
        return writer;
    }

    /** Asks, waiting no longer than the settings allow; interrupting the asker cancels the question. */
    <T> T ask(String what, Question<T> question) {
        if (Thread.currentThread().isInterrupted()) {
            throw new StoreException("reading " + what + " was interrupted");
        }
        Asked<T> asked = new Asked<>(question);
        Future<T> answer;
        try {
            answer = asking.submit(asked::run);
        } catch (RejectedExecutionException e) {
            throw new StoreException("cannot read " + what + ": too many questions wait; ask again later", e);
        }
        try {
            return answer.get(settings.questionMax().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            String after = settings.questionMax().toMillis() + " ms";
            throw new StoreException("cannot read " + what + " within " + after + "; ask for a shorter window", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("reading " + what + " was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TooManyFlowsException refused) {
                throw refused;
            }
            throw new StoreException("cannot read " + what + " from " + settings.file() + ": " + reason(e), e);
        } finally {
            asked.cancel();
            answer.cancel(false);
        }
    }

    /** Copies all of one moment into a new file; in the same way as a question it is cancelled at the end. */
    void copy(Copying copying) throws SQLException {
        Running cancelling = copying::cancel;
        running.add(cancelling);
        try (Connection own = writer.duplicate()) {
            copying.run(own);
        } finally {
            running.remove(cancelling);
        }
    }

    /** Closes every connection, those of running questions too, and opens the file anew. */
    void reopen() throws SQLException {
        closeAll();
        writer = open(settings);
    }

    @Override
    public void close() {
        asking.shutdownNow();
        try {
            closeAll();
        } catch (SQLException e) {
            throw new StoreException("cannot close " + settings.file() + ": " + reason(e), e);
        }
    }

    private void closeAll() throws SQLException {
        for (Running each : running) {
            each.cancel();
        }
        writer.close();
    }

    /** The first line of what went wrong, without the wrapping of the thread that met it. */
    static String reason(Throwable thrown) {
        Throwable inner = thrown instanceof ExecutionException ? thrown.getCause() : thrown;
        Throwable cause = inner == null ? thrown : inner;
        String message = cause.getMessage();
        return message == null ? cause.toString() : message.lines().findFirst().orElse("");
    }

    /** Whether the engine will refuse everything from now on. It has no code for this, only words. */
    static boolean isFatal(Exception cause) {
        return String.valueOf(cause.getMessage()).contains("FATAL");
    }

    private static DuckDBConnection open(DuckDbSettings settings) {
        try {
            Files.createDirectories(settings.file().getParent());
            return connect(settings);
        } catch (IOException e) {
            throw new StoreException("cannot make the folder of " + settings.file() + ": " + reason(e), e);
        } catch (SQLException e) {
            throw refused(settings, e);
        } catch (ExceptionInInitializerError e) {
            throw new StoreException(
                    "cannot load the database engine: " + reason(e.getCause() == null ? e : e.getCause())
                            + "; it unpacks 70 MB into " + System.getProperty("java.io.tmpdir") + ": make room there",
                    e);
        }
    }

    static Properties properties(DuckDbSettings settings) {
        Properties properties = new Properties();
        properties.setProperty("memory_limit", settings.memoryMebibytes() + "MiB");
        properties.setProperty("threads", Integer.toString(settings.threads()));
        properties.setProperty("temp_directory", settings.spill().toString());
        properties.setProperty("checkpoint_threshold", "1TB"); // the store folds the log itself
        return properties;
    }

    private static DuckDBConnection connect(DuckDbSettings settings) throws SQLException {
        DuckDBConnection connection =
                (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:" + settings.file(), properties(settings));
        try {
            Schema.ensure(connection);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static StoreException refused(DuckDbSettings settings, SQLException e) {
        String reason = reason(e);
        if (reason.toLowerCase(Locale.ROOT).contains("lock")) {
            return new StoreException(
                    "another process holds " + settings.file() + ": " + reason + "; stop it, or use another folder", e);
        }
        return new StoreException(
                "cannot open " + settings.file() + ": " + reason + "; nothing was changed: mend it, restore a copy, or "
                        + "move it and its .wal aside to begin empty",
                e);
    }

    /** A question on its way, which may be cancelled before or while it runs. */
    private final class Asked<T> implements Running {
        private final Question<T> question;
        private volatile boolean cancelled;
        private volatile @Nullable Statement statement;

        Asked(Question<T> question) {
            this.question = question;
        }

        T run() throws SQLException {
            running.add(this);
            try (Connection own = writer.duplicate()) {
                own.setAutoCommit(false);
                return question.ask(new Moment() {
                    @Override
                    public Statement statement() throws SQLException {
                        return Asked.this.statement(own);
                    }

                    @Override
                    public Slots slots(Kind kind) throws SQLException {
                        return Slots.read(own, kind);
                    }

                    @Override
                    public Slots slots(Kind kind, Window window) throws SQLException {
                        return Slots.read(own, kind, window);
                    }
                });
            } finally {
                running.remove(this);
            }
        }

        private Statement statement(Connection own) throws SQLException {
            Statement next = own.createStatement();
            // Should a cancellation fall just before the engine begins, this still ends it.
            next.setQueryTimeout(Math.toIntExact(settings.questionMax().toSeconds() + 1));
            statement = next;
            if (cancelled) {
                next.close();
                throw new SQLException("cancelled");
            }
            return next;
        }

        @Override
        public void cancel() {
            cancelled = true;
            Statement asking = statement;
            try {
                if (asking != null && running.contains(this) && !asking.isClosed()) {
                    asking.cancel();
                }
            } catch (SQLException e) {
                LOG.log(System.Logger.Level.DEBUG, "a question ended before it was cancelled", e);
            }
        }
    }
}
