@NullMarked
package enishi.cli.parts;

import org.jspecify.annotations.NullMarked;
