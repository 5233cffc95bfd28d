/** Frames and their decoders: no Kafka Streams, no ONNX Runtime. */
@NullMarked
package io.gatestream.frame;

import org.jspecify.annotations.NullMarked;
