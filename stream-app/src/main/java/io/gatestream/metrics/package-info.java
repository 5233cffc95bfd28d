/** The one list of metrics; the only room that registers meters. */
@NullMarked
package io.gatestream.metrics;

import org.jspecify.annotations.NullMarked;
