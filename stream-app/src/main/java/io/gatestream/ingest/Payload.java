package io.gatestream.ingest;

import io.gatestream.schema.Encoding;
import java.nio.ByteBuffer;

/**
 * What one record carries.
 *
 * @param bytes its own copy
 * @param frames pictures in it
 * @param micros presentation time of the first picture since the source's start
 */
record Payload(Encoding encoding, ByteBuffer bytes, int frames, long micros) {}
