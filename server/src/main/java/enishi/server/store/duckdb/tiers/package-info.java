/** How the history of flows is laid out: minute rows for days, hour and day rows with masks of presence for years. */
@NullMarked
package enishi.server.store.duckdb.tiers;

import org.jspecify.annotations.NullMarked;
