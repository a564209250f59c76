/** What is proved of the whole: architecture, source shape, end to end. */
@NullMarked
package enishi.lab;

import org.jspecify.annotations.NullMarked;
