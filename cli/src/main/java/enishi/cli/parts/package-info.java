/** Server and agent on this host: started, watched and ended as child processes, and asked how they are. */
@NullMarked
package enishi.cli.parts;

import org.jspecify.annotations.NullMarked;
