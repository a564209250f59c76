/** What the agent is told and reads about itself: options, configuration file, addresses, tokens, identity. */
@NullMarked
package enishi.agent.settings;

import org.jspecify.annotations.NullMarked;
