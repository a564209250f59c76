@NullMarked
package enishi.cli;

import org.jspecify.annotations.NullMarked;
