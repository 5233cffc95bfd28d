/** Validated settings; {@code ConfigLoader} is the only reader of file, environment and flags. */
@NullMarked
package io.gatestream.config;

import org.jspecify.annotations.NullMarked;
