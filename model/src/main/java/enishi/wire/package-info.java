/** Reports as bytes: the versioned protobuf schema and its codec. */
@NullMarked
package enishi.wire;

import org.jspecify.annotations.NullMarked;
