/** Answers as text: tables, lines and other tools' formats, with hostile names made harmless. */
@NullMarked
package enishi.cli.output;

import org.jspecify.annotations.NullMarked;
