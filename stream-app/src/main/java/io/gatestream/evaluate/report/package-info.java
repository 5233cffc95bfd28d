/** The page that shows an evaluation. */
@NullMarked
package io.gatestream.evaluate.report;

import org.jspecify.annotations.NullMarked;
