/** Whole databases as files: copied while others write, and read to the last block. */
@org.jspecify.annotations.NullMarked
package enishi.server.store.duckdb.copies;
