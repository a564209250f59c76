/** The tables of a store, and how those of older versions become the present ones. */
@NullMarked
package enishi.server.store.duckdb.schema;

import org.jspecify.annotations.NullMarked;
