/** The contract of every store, the fake that others test against, and the model both are held to. */
@NullMarked
package enishi.server.store;

import org.jspecify.annotations.NullMarked;
