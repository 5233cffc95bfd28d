/** Labels read back, held against the known truth, and scored. */
@NullMarked
package io.gatestream.replay;

import org.jspecify.annotations.NullMarked;
