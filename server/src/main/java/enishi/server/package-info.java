/** The server: its stages wired together in {@code Main}. */
@NullMarked
package enishi.server;

import org.jspecify.annotations.NullMarked;
