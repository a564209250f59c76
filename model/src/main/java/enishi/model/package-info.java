/** The values every part of Enishi speaks in: hosts, flows, observations, reports, dependencies. */
@NullMarked
package enishi.model;

import org.jspecify.annotations.NullMarked;
