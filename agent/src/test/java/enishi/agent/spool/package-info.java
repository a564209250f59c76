@NullMarked
package enishi.agent.spool;

import org.jspecify.annotations.NullMarked;
