/** Failures by meaning, and how they are put into words for whoever mends them. */
@NullMarked
package io.gatestream.errors;

import org.jspecify.annotations.NullMarked;
