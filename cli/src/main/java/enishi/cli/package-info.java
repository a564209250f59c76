/** The commands of {@code enishi}. */
@NullMarked
package enishi.cli;

import org.jspecify.annotations.NullMarked;
