/** Tests of the rungs. */
@NullMarked
package enishi.agent.capture;

import org.jspecify.annotations.NullMarked;
