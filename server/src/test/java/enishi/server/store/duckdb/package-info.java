/** The contract run on DuckDB, its crashes, and what it costs. */
@NullMarked
package enishi.server.store.duckdb;

import org.jspecify.annotations.NullMarked;
