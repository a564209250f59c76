/** From a socket's inode to its process, and from the process to its program, unit and container. */
@NullMarked
package enishi.agent.process;

import org.jspecify.annotations.NullMarked;
