/** The evaluation's report: one HTML page that opens offline. */
@NullMarked
package io.gatestream.replay.report;

import org.jspecify.annotations.NullMarked;
