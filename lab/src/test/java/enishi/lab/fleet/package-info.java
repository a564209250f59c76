/** A made-up fleet of any size, always the same for the same seed, as its agents would report it or folded already. */
@NullMarked
package enishi.lab.fleet;

import org.jspecify.annotations.NullMarked;
