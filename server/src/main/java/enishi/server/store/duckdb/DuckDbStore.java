package enishi.server.store.duckdb;

import enishi.model.Between;
import enishi.model.HostId;
import enishi.model.Window;
import enishi.server.store.FlowFilter;
import enishi.server.store.FlowHour;
import enishi.server.store.FlowTotals;
import enishi.server.store.HostCoverage;
import enishi.server.store.Kept;
import enishi.server.store.KnownHost;
import enishi.server.store.KnownListener;
import enishi.server.store.KnownTranslation;
import enishi.server.store.Received;
import enishi.server.store.Retention;
import enishi.server.store.Store;
import enishi.server.store.StoreException;
import enishi.server.store.duckdb.copies.Verification;
import enishi.server.store.duckdb.schema.Schema;
import enishi.server.store.duckdb.tiers.History;
import enishi.server.store.duckdb.tiers.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The default engine: one file, written by one thread at a time, read by any number. */
public final class DuckDbStore implements Store {
    private static final System.Logger LOG = System.getLogger(DuckDbStore.class.getName());
    private final DuckDbSettings settings;
    private final Database database;
    private final InMemory memory;
    private final AtomicLong reopened = new AtomicLong();
    private final AtomicLong checkpointsFailed = new AtomicLong();
    private final AtomicLong tooLate = new AtomicLong();
    private boolean closed;
    private boolean copying;

    /** Meanwhile the log cannot be folded: the engine refuses that beside another transaction that writes. */
    private volatile boolean sealing;

    /** Null after a fatal error, until the file is open again. */
    private volatile @Nullable Known known;

    /** Opens the file or makes it. @throws StoreException if another process holds it, or it is damaged or too new */
    public static DuckDbStore open(DuckDbSettings settings) {
        return new DuckDbStore(settings);
    }

    /**
     * Reads every block of a database file that no process writes, its log too, and changes nothing.
     *
     * @param each is told of each table as soon as it was read
     * @throws StoreException if the file cannot even be opened
     */
    public static Verification.Found verify(DuckDbSettings settings, Consumer<Verification.Table> each) {
        try {
            return new Verification(Schema.AS_EXPECTED).of(settings.file(), Database.properties(settings), each);
        } catch (SQLException e) {
            throw new StoreException("cannot open " + settings.file() + ": " + Database.reason(e), e);
        }
    }

    private DuckDbStore(DuckDbSettings settings) {
        this.settings = settings;
        database = new Database(settings);
        memory = new InMemory(settings.flowsMax());
        try {
            known = Known.load(database.writer(), settings.recentBytesMax());
        } catch (SQLException e) {
            database.close();
            throw new StoreException("cannot read " + settings.file() + ": " + Database.reason(e), e);
        }
    }

    @Override
    public synchronized void append(List<Received> reports) {
        requireOpen();
        settings.requireRoom();
        try {
            Batch batch = new Batch(known(), reports);
            batch.write(database.writer());
            tooLate.addAndGet(memory.commit(batch, database.writer()));
        } catch (SQLException | RuntimeException e) {
            abandon(e);
            throw new StoreException("cannot keep " + reports.size() + " reports: " + Database.reason(e), e);
        }
        foldLog();
    }

    @Override
    public synchronized void putHour(long hour, Iterator<FlowHour> rows) {
        requireOpen();
        if (!database.ask("what is kept", at -> at.slots(Kind.FLOW)).mayReplaceHour(hour)) {
            throw new StoreException("cannot keep hour " + hour + ": its minute rows are kept, or its day is closed");
        }
        try {
            memory.begin(known(), (hour + 1) * 60);
            new HourBatch(known(), hour).commit(database.writer(), rows);
            memory.kept(known(), History.kept(database.writer()));
        } catch (SQLException | RuntimeException e) {
            abandon(e);
            throw new StoreException("cannot keep hour " + hour + ": " + Database.reason(e), e);
        }
        foldLog();
    }

    private void requireOpen() {
        if (closed) {
            throw new StoreException("the store " + settings.file() + " is closed");
        }
    }

    /** How often a fatal error made the store close and reopen its file. */
    public long reopened() {
        return reopened.get();
    }

    /** How often folding the log into the file failed; it is tried again after the next append. */
    public long checkpointsFailed() {
        return checkpointsFailed.get();
    }

    private Known known() throws SQLException {
        Known ready = known;
        if (ready == null) {
            database.reopen();
            reopened.incrementAndGet();
            ready = Known.load(database.writer(), settings.recentBytesMax());
            known = ready;
        }
        return ready;
    }

    /** Rolls back; where even that fails, or the error is fatal, the file is opened anew before the next append. */
    private void abandon(Exception cause) {
        try {
            execute("ROLLBACK");
            if (!Database.isFatal(cause)) {
                return;
            }
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
        LOG.log(System.Logger.Level.ERROR, "the store failed and is opened anew", cause);
        known = null;
    }

    /** On the writer's thread only, and after the commit: a failure here loses nothing. */
    private void foldLog() {
        try {
            if (!sealing && Files.exists(settings.wal()) && Files.size(settings.wal()) > settings.walBytesMax()) {
                execute("CHECKPOINT");
            }
        } catch (IOException | SQLException e) {
            checkpointsFailed.incrementAndGet();
            LOG.log(System.Logger.Level.WARNING, "the log could not be folded into " + settings.file(), e);
            if (Database.isFatal(e)) {
                known = null;
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = database.writer().createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public List<KnownHost> hosts() {
        List<KnownHost> all = memory.hosts(known);
        return all == null ? database.ask("hosts", Reads::hosts) : all;
    }

    @Override
    public List<FlowTotals> flows(Window window, FlowFilter filter) {
        List<FlowTotals> all = memory.flows(known, window, filter);
        return all == null ? database.ask("flows", at -> memory.flows(at, known, window, filter)) : all;
    }

    @Override
    public List<KnownListener> listeners(Window window, FlowFilter filter) {
        List<KnownListener> all = memory.listeners(known, window, filter.hosts());
        return all == null
                ? Reads.listeners(database, window, memory.only(known, filter.hosts()), filter.hosts())
                : all;
    }

    @Override
    public List<KnownTranslation> translations(Window window) {
        return TranslationRows.of(database, known, window);
    }

    @Override
    public List<KnownTranslation> translations(Window window, Set<Between> at) {
        return TranslationRows.at(database, known, window, at);
    }

    @Override
    public List<HostCoverage> coverage(Window window, Set<HostId> hosts) {
        List<HostCoverage> all = memory.coverage(known, window, hosts);
        return all == null ? database.ask("coverage", at -> memory.coverage(at, known, window, hosts)) : all;
    }

    @Override
    public Kept kept() {
        Known open = known;
        return open != null
                ? open.kept()
                : database.ask("what is kept", at -> History.kept(at.slots(Kind.FLOW), at.slots(Kind.COVERAGE)));
    }

    @Override
    public void rollUp(Retention retention, Instant now) {
        try (Connection own = database.writer().duplicate()) {
            Known open = known;
            if (open != null) {
                memory.fill(own, open);
            }
            sealing = true;
            History.seal(own, now);
            sealing = false;
            if (!Thread.currentThread().isInterrupted()) {
                drop(own, retention, now);
            }
        } catch (SQLException e) {
            throw new StoreException("cannot roll up what is kept: " + Database.reason(e), e);
        } finally {
            sealing = false;
        }
    }

    /** While nothing is appended, and no backup reads what may be dropped. */
    private synchronized void drop(Connection own, Retention retention, Instant now) throws SQLException {
        Known open = known;
        if (closed || copying || open == null) {
            return;
        }
        int dropped;
        try {
            dropped = History.drop(own, retention, now);
        } finally {
            // also of what was dropped before it failed
            memory.kept(open, History.kept(own));
        }
        if (dropped > 0) {
            execute("CHECKPOINT");
        }
    }

    @Override
    public void backup(Path into) {
        beginCopying();
        try {
            Backup.make(database, settings, into);
        } finally {
            endCopying();
        }
    }

    private synchronized void beginCopying() {
        requireOpen();
        if (copying) {
            throw new StoreException(
                    "a backup of " + settings.file() + " is being made already; ask again when it is done");
        }
        copying = true;
    }

    private synchronized void endCopying() {
        copying = false;
    }

    @Override
    public long tooLate() {
        return tooLate.get();
    }

    /** Folds the log into the file and closes it; a second call does nothing. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            database.close();
        }
    }
}
