/** Frames and labels as bytes, their limits, and what is wrong with a record. */
@NullMarked
package io.gatestream.frame;

import org.jspecify.annotations.NullMarked;
