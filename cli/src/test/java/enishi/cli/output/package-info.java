@NullMarked
package enishi.cli.output;

import org.jspecify.annotations.NullMarked;
