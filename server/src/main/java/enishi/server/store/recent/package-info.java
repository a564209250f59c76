/** The last minutes in memory, a few bytes each, and every listener, so that a question about now reads no table. */
@NullMarked
package enishi.server.store.recent;

import org.jspecify.annotations.NullMarked;
