/** {@code enishi}, the command: what its words mean and what its errors look like. */
@NullMarked
package enishi.cli;

import org.jspecify.annotations.NullMarked;
