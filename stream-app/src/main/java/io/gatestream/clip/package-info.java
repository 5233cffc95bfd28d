/** Clips: the video of an event, or of a span of a stream, from the frames topic. */
@NullMarked
package io.gatestream.clip;

import org.jspecify.annotations.NullMarked;
