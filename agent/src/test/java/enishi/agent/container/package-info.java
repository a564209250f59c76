/** Containers named by files as runtimes write them, and by a server that speaks their protocol. */
@NullMarked
package enishi.agent.container;

import org.jspecify.annotations.NullMarked;
