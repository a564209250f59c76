/** The server as its users meet it: over HTTP. */
@NullMarked
package enishi.server;

import org.jspecify.annotations.NullMarked;
