/** From one poll to the next: how long a pass and its transaction may take. */
@NullMarked
package io.gatestream.stream.passes;

import org.jspecify.annotations.NullMarked;
