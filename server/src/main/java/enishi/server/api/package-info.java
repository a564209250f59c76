/** Questions over HTTP and their answers. */
@NullMarked
package enishi.server.api;

import org.jspecify.annotations.NullMarked;
