/** The topology, its processor, state, store and policy: the only user of the Kafka Streams API. */
@NullMarked
package io.gatestream.stream;

import org.jspecify.annotations.NullMarked;
