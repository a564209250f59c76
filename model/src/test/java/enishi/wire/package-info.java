@NullMarked
package enishi.wire;

import org.jspecify.annotations.NullMarked;
