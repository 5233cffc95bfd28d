/** What was true of the streams, as files say it. */
@NullMarked
package io.gatestream.evaluate.truth;

import org.jspecify.annotations.NullMarked;
