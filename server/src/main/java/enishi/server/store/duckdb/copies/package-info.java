/** Whole databases as files: copied while others write, and read to the last block. */
@NullMarked
package enishi.server.store.duckdb.copies;

import org.jspecify.annotations.NullMarked;
