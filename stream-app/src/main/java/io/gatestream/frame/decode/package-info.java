/** Payloads to pictures of the size that the model takes, by FFmpeg and OpenCV. */
@NullMarked
package io.gatestream.frame.decode;

import org.jspecify.annotations.NullMarked;
