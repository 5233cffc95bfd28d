/** JPEG read as far as it tells what decoding would cost and whether the picture is whole. */
@NullMarked
package io.gatestream.frame.jpeg;

import org.jspecify.annotations.NullMarked;
