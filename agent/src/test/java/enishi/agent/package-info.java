@NullMarked
package enishi.agent;

import org.jspecify.annotations.NullMarked;
