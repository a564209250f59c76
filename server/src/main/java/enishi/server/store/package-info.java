/** What is kept, behind an interface small enough for other engines. */
@NullMarked
package enishi.server.store;

import org.jspecify.annotations.NullMarked;
