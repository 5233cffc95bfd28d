/** Which threads and batches suit this machine, measured where it may not change a label. */
@NullMarked
package io.gatestream.model.calibration;

import org.jspecify.annotations.NullMarked;
