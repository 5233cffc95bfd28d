package io.gatestream.clip;

import io.gatestream.frame.Micros;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A frame or a segment without its pictures, and where its record lies. Times are microseconds
 * since the epoch.
 */
record IndexedFrame(
    int partition,
    long offset,
    long session,
    long sequence,
    int count,
    long captured,
    boolean segment) {
  static IndexedFrame of(ConsumerRecord<byte[], byte[]> record, Frame frame) {
    return new IndexedFrame(
        record.partition(),
        record.offset(),
        Micros.of(frame.getSession()),
        frame.getSequence(),
        frame.getFrameCount(),
        Micros.of(frame.getCaptureTime()),
        frame.getEncoding() == Encoding.H264_SEGMENT);
  }

  /** The sequence of the frame after its last. */
  long nextSequence() {
    return sequence + count;
  }
}
