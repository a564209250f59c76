/** Credentials: who may write or read what, proved by a message authentication code. */
@NullMarked
package enishi.access;

import org.jspecify.annotations.NullMarked;
