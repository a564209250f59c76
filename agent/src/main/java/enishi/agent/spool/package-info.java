/** Reports kept on disk until the server has acknowledged them: bounded, checksummed, torn tails survived. */
@NullMarked
package enishi.agent.spool;

import org.jspecify.annotations.NullMarked;
