/** Client and server halves joined into dependencies. Pure: no I/O. */
@NullMarked
package enishi.server.graph;

import org.jspecify.annotations.NullMarked;
