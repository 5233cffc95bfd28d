/**
 * Decoding and encoding ahead of the stream threads, across streams: Kafka clients, never Kafka
 * Streams.
 */
@NullMarked
package io.gatestream.lookahead;

import org.jspecify.annotations.NullMarked;
