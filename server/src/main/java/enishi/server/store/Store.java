package enishi.server.store;

import enishi.model.Between;
import enishi.model.HostId;
import enishi.model.Window;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * What is kept. Every engine passes the same contract kit. No SQL, joins or multi-statement transactions show here.
 *
 * <p>Writing is for one thread at a time; reading is for any number, also while writing.
 */
public interface Store extends AutoCloseable {

    /**
     * Keeps these reports, all or none; on return they survive a kill and a power cut. The same report again changes no
     * answer, in whatever order reports come. Observations, translations and coverage of minutes before
     * {@link Kept#minutesFrom} are left out and counted: the rows they belong to were dropped, and no time may be told
     * as watched without what was seen in it.
     *
     * @throws StoreException if nothing was kept
     */
    void append(List<Received> reports);

    /**
     * Keeps these rows, of hosts that reported, as all that is known of an hour, in place of what was known of it: for
     * history that was folded elsewhere. Each flow stands in one row.
     *
     * @param hour hours since the epoch
     * @throws StoreException if nothing was kept, as where minute rows tell that hour or its day is closed
     */
    void putHour(long hour, Iterator<FlowHour> rows);

    /** Every host that ever reported, with its latest attributes. */
    List<KnownHost> hosts();

    /** The flows present in any minute of the window, each with its sums over it, in no order. */
    List<FlowTotals> flows(Window window, FlowFilter filter);

    /** The listeners seen at any time of the window; listeners of hosts outside the filter's hosts are left out. */
    List<KnownListener> listeners(Window window, FlowFilter filter);

    /** What hosts translated in any minute of the window, in no order. */
    List<KnownTranslation> translations(Window window);

    /** What they translated from or to one of these, likewise. */
    List<KnownTranslation> translations(Window window, Set<Between> at);

    /**
     * What was watched, as runs of minutes that are alike, in no order; a minute in none of them was not watched. Runs
     * end with the window; how exact the counts of one that it cuts are says {@link HostCoverage}.
     */
    default List<HostCoverage> coverage(Window window) {
        return coverage(window, Set.of());
    }

    /** The same of these hosts, or of all if none are named. */
    List<HostCoverage> coverage(Window window, Set<HostId> hosts);

    /** From when on which precision is kept. */
    Kept kept();

    /** How many observations, and minutes of coverage and translations, were left out since the start as too late. */
    long tooLate();

    /**
     * Rolls up what is over and drops what need not be kept any more. It changes no answer but the precision of those
     * about a time of which minute rows were dropped. To be called now and then, by one thread, also while others
     * write. An interrupt ends it early, between two steps; the next call goes on.
     *
     * @throws StoreException if it could not be done; nothing is lost, and the next call tries again
     */
    void rollUp(Retention retention, Instant now);

    /**
     * Copies what is kept at one moment into one new file that only its owner may read: whole batches, also while
     * others are appended. On return the file is on disk; after a failure nothing is left of it.
     *
     * @throws StoreFullException if the disk would be left with less than its reserve
     * @throws StoreException if the file exists, another backup is being made, or it could not be made
     */
    void backup(Path into);

    @Override
    void close();
}
