/** Readers of labels, rejected records and frames. */
@NullMarked
package io.gatestream.labels;

import org.jspecify.annotations.NullMarked;
