/** The ladder of rungs: each reads every socket of this host and delivers what it sees as {@code Capture}. */
@NullMarked
package enishi.agent.capture;

import org.jspecify.annotations.NullMarked;
