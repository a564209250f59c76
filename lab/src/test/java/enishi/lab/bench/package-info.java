/** Programs that benches in {@code lab/bench} drive. Each measures itself and prints figures, one line a round. */
@NullMarked
package enishi.lab.bench;

import org.jspecify.annotations.NullMarked;
