/** The store on DuckDB, embedded: the only package that speaks SQL. */
@NullMarked
package enishi.server.store.duckdb;

import org.jspecify.annotations.NullMarked;
