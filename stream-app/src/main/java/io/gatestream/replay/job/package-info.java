/** One replay from its range to its labels: plan, run, resumption, clean-up. */
@NullMarked
package io.gatestream.replay.job;

import org.jspecify.annotations.NullMarked;
