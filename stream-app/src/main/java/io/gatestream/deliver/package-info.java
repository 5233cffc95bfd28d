/** Events to programs of others: webhooks and commands, at least once, in order for each stream. */
@NullMarked
package io.gatestream.deliver;

import org.jspecify.annotations.NullMarked;
