@NullMarked
package enishi.agent.settings;

import org.jspecify.annotations.NullMarked;
