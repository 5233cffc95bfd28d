/** Scores of labels against truth. */
@NullMarked
package io.gatestream.evaluate.score;

import org.jspecify.annotations.NullMarked;
