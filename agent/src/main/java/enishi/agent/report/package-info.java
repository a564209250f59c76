/** Reports on their way to the server, with back-off. */
@NullMarked
package enishi.agent.report;

import org.jspecify.annotations.NullMarked;
