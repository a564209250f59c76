/** From a container's id to a name that stays when it is made anew, told by a runtime's files or socket. */
@NullMarked
package enishi.agent.container;

import org.jspecify.annotations.NullMarked;
