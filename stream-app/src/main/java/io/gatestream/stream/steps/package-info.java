/** From a record and its stream's state to steps of the model: one by one, or ahead in waves. */
@NullMarked
package io.gatestream.stream.steps;

import org.jspecify.annotations.NullMarked;
