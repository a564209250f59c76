/** The minutes of the last hours in memory, a few bytes each, so that a question about now reads no table of minutes. */
@NullMarked
package enishi.server.store.recent;

import org.jspecify.annotations.NullMarked;
