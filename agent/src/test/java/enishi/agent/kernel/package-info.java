@NullMarked
package enishi.agent.kernel;

import org.jspecify.annotations.NullMarked;
