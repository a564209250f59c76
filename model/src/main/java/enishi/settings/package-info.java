/** Flags, environment and YAML folded into one set of values, and the layout of the state folder. */
@NullMarked
package enishi.settings;

import org.jspecify.annotations.NullMarked;
