/** Stream states as bytes, and the folder and store that hold them. */
@NullMarked
package io.gatestream.stream.state;

import org.jspecify.annotations.NullMarked;
