/** Recorded frames through the topology again. */
@NullMarked
package io.gatestream.replay;

import org.jspecify.annotations.NullMarked;
