/** Tests of the values. */
@NullMarked
package enishi.model;

import org.jspecify.annotations.NullMarked;
