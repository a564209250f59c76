/** The kernel as Java sees it: system calls and netlink. The only package that imports java.lang.foreign. */
@NullMarked
package enishi.agent.kernel;

import org.jspecify.annotations.NullMarked;
