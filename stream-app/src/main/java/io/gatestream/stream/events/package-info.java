/** Events: what began and ended in a stream, made from the scores of its frames. */
@NullMarked
package io.gatestream.stream.events;

import org.jspecify.annotations.NullMarked;
