/** Tests of owners. */
@NullMarked
package enishi.agent.process;

import org.jspecify.annotations.NullMarked;
