@NullMarked
package enishi.agent.report;

import org.jspecify.annotations.NullMarked;
