/** Metrics, health and the log of streams in trouble. Watches, decides nothing. */
@NullMarked
package io.gatestream.stream.watch;

import org.jspecify.annotations.NullMarked;
