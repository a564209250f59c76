@NullMarked
package enishi.server.store.recent;

import org.jspecify.annotations.NullMarked;
