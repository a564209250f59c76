package enishi.answer;

/** How exactly the flows of a window are still known. */
public enum Precision {
    /** Presence and sums are those of the window. */
    EXACT,
    /** Presence is exact to the minute; the sums of the hours that the window cuts are those of the whole hours. */
    SUMS_TO_THE_HOUR,
    /** Presence is exact to the hour; the sums of the days that the window cuts are those of the whole days. */
    TO_THE_DAY
}
