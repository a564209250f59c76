/** How history is laid out: minute rows for days; for years hour and day rows of flows, runs of minutes watched. */
@NullMarked
package enishi.server.store.duckdb.tiers;

import org.jspecify.annotations.NullMarked;
