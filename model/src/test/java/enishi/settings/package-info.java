@NullMarked
package enishi.settings;

import org.jspecify.annotations.NullMarked;
