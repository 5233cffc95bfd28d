/** Broker, application and ingest in one process, for demo and evaluate. */
@NullMarked
package io.gatestream.play;

import org.jspecify.annotations.NullMarked;
