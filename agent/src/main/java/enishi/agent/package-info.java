/** The agent of one host: its stages wired together in {@code Main}. */
@NullMarked
package enishi.agent;

import org.jspecify.annotations.NullMarked;
