/**
 * Streams' states for whoever asks over HTTP: committed ones, from the instance that has them.
 * docs/decisions/0037-states-for-whoever-asks.md says how.
 */
@NullMarked
package io.gatestream.stream.ask;

import org.jspecify.annotations.NullMarked;
