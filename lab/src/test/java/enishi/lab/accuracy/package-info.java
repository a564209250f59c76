/** The accuracy laboratory: some twenty hosts of known dependencies, and what several methods tell of them. */
@NullMarked
package enishi.lab.accuracy;

import org.jspecify.annotations.NullMarked;
