/** Sockets folded into flows: the ephemeral port forgotten, the role decided, minutes counted. */
@NullMarked
package enishi.agent.fold;

import org.jspecify.annotations.NullMarked;
