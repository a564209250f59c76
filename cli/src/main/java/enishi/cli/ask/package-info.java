/** Questions: how they are put to the server, and what is done with its answers. */
@NullMarked
package enishi.cli.ask;

import org.jspecify.annotations.NullMarked;
