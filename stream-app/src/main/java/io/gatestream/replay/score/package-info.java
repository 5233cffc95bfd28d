/** Metrics of labels against truth, their formulas and sources; docs/evaluation.md lists them. */
@NullMarked
package io.gatestream.replay.score;

import org.jspecify.annotations.NullMarked;
