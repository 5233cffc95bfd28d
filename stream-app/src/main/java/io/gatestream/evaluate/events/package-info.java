/** Events of labels that are there: made by a rule, and the rule found that makes the best ones. */
@NullMarked
package io.gatestream.evaluate.events;

import org.jspecify.annotations.NullMarked;
