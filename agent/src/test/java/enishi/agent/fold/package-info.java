/** Tests of folding. */
@NullMarked
package enishi.agent.fold;

import org.jspecify.annotations.NullMarked;
