/** Reports received: authenticated, bounded, decoded, stored, only then acknowledged. */
@NullMarked
package enishi.server.ingest;

import org.jspecify.annotations.NullMarked;
