package enishi.answer;

import java.time.Instant;

/** A span in which nobody watched; from inclusive, to exclusive. */
public record Gap(Instant from, Instant to) {}
