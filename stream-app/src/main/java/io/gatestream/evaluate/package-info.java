/** Labels against truth: gathers, scores and reports. */
@NullMarked
package io.gatestream.evaluate;

import org.jspecify.annotations.NullMarked;
