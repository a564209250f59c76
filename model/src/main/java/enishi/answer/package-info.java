/**
 * The shapes of answers, shared by the server that writes them as JSON (names in snake_case, enums in lower case) and
 * the CLI that reads them.
 */
@NullMarked
package enishi.answer;

import org.jspecify.annotations.NullMarked;
