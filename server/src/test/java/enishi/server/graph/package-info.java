/** Tests of joining and judging. */
@NullMarked
package enishi.server.graph;

import org.jspecify.annotations.NullMarked;
