/** The door: who is asking, over what, and what the page may do. */
@NullMarked
package enishi.server.http;

import org.jspecify.annotations.NullMarked;
