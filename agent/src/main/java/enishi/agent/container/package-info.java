/** From a container's id to a name that stays when it is made anew, from what runtimes leave on disk or their socket. */
@NullMarked
package enishi.agent.container;

import org.jspecify.annotations.NullMarked;
