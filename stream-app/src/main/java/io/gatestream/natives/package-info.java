/** Native libraries: where they are unpacked, and what to say where they do not load. */
@NullMarked
package io.gatestream.natives;

import org.jspecify.annotations.NullMarked;
