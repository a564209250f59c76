@NullMarked
package enishi.cli.ask;

import org.jspecify.annotations.NullMarked;
