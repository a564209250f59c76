/** Questions without a network: times, pages, metrics. */
@NullMarked
package enishi.server.api;

import org.jspecify.annotations.NullMarked;
