/** An embedded single-node Kafka for demo, development and tests. */
@NullMarked
package io.gatestream.broker;

import org.jspecify.annotations.NullMarked;
