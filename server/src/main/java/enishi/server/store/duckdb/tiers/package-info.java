/** How the history of flows is laid out: minute rows for days, hour and day rows with masks of presence for years. */
@org.jspecify.annotations.NullMarked
package enishi.server.store.duckdb.tiers;
