/** Frames whose decoding kills the process: the journal, the trial and the list of those found. */
@NullMarked
package io.gatestream.guard;

import org.jspecify.annotations.NullMarked;
