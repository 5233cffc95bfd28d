/** Packs the distribution. No part of what runs. */
@NullMarked
package io.gatestream.dist;

import org.jspecify.annotations.NullMarked;
