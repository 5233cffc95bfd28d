/** What becomes of a frame, decided from its record and its stream's state alone. Pure. */
@NullMarked
package io.gatestream.stream.policy;

import org.jspecify.annotations.NullMarked;
