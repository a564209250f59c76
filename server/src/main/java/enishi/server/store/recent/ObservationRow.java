package enishi.server.store.recent;

import enishi.model.Observation;
import enishi.model.Traffic;

/** One observation of a flow. Usual is: nothing failed, nothing retransmitted, as many closed as opened. */
final class ObservationRow extends Row {
    private static final int HAS_TRAFFIC = 1;
    private static final int HAS_OPENED = 2;
    private static final int HAS_CLOSED = 4;
    private static final int HAS_ACTIVE = 8;
    private static final int HAS_FAILED = 16;
    private static final int HAS_RTT = 32;
    private static final int HAS_RETRANSMITS = 64;
    private static final int HAS_MORE = 128;
    private static final long MINUTE_MILLIS = 60_000;

    /** Which processes it names and what proved the role, as the slot numbers them. */
    int processes;

    int evidence;
    boolean hasTraffic;
    long opened;
    long closed;
    long active;
    long failed;
    long clientBytes;
    long serverBytes;
    int rttMicros;
    long retransmits;
    long moreProcesses;

    /** Since the epoch. */
    long firstSeenMillis;

    long lastSeenMillis;

    /** The counts and times of an observation. */
    void set(Observation observation) {
        Traffic traffic = observation.traffic();
        hasTraffic = traffic != null;
        clientBytes = traffic == null ? 0 : traffic.clientBytes();
        serverBytes = traffic == null ? 0 : traffic.serverBytes();
        opened = observation.opened();
        closed = observation.closed();
        active = observation.active();
        failed = observation.failed();
        rttMicros = observation.rttMicros();
        retransmits = observation.retransmits();
        moreProcesses = observation.moreProcesses();
        firstSeenMillis = observation.firstSeenMillis();
        lastSeenMillis = observation.lastSeenMillis();
    }

    @Override
    void readRest(long slotMinute) {
        evidence = small;
        processes = (int) number();
        hasTraffic = (has & HAS_TRAFFIC) != 0;
        clientBytes = hasTraffic ? number() : 0;
        serverBytes = hasTraffic ? number() : 0;
        opened = optional(HAS_OPENED, 0);
        closed = optional(HAS_CLOSED, opened);
        active = optional(HAS_ACTIVE, 0);
        failed = optional(HAS_FAILED, 0);
        rttMicros = (int) optional(HAS_RTT, 0);
        retransmits = optional(HAS_RETRANSMITS, 0);
        moreProcesses = optional(HAS_MORE, 0);
        firstSeenMillis = zigzag() + (slotMinute + minute) * MINUTE_MILLIS;
        lastSeenMillis = zigzag() + firstSeenMillis;
    }

    @Override
    void writeRest(long slotMinute) {
        small = evidence;
        number(processes);
        if (hasTraffic) {
            has |= HAS_TRAFFIC;
            number(clientBytes);
            number(serverBytes);
        }
        optional(HAS_OPENED, opened, 0);
        optional(HAS_CLOSED, closed, opened);
        optional(HAS_ACTIVE, active, 0);
        optional(HAS_FAILED, failed, 0);
        optional(HAS_RTT, rttMicros, 0);
        optional(HAS_RETRANSMITS, retransmits, 0);
        optional(HAS_MORE, moreProcesses, 0);
        zigzag(firstSeenMillis - (slotMinute + minute) * MINUTE_MILLIS);
        zigzag(lastSeenMillis - firstSeenMillis);
    }
}
