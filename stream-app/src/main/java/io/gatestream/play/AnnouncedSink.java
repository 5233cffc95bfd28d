package io.gatestream.play;

import io.gatestream.ingest.DeliveryException;
import io.gatestream.ingest.FrameSink;
import io.gatestream.schema.Frame;

/** Tells of every record just before it is sent on. */
record AnnouncedSink(FrameSink sink, VideoSession.SentListener listener) implements FrameSink {
  @Override
  public void send(Frame frame) throws DeliveryException {
    listener.sent(frame.getStreamId(), frame.getSequence(), frame.getFrameCount());
    sink.send(frame);
  }

  @Override
  public void send(Frame frame, Receipt receipt) throws DeliveryException {
    listener.sent(frame.getStreamId(), frame.getSequence(), frame.getFrameCount());
    sink.send(frame, receipt);
  }

  @Override
  public void flush(String streamId) throws DeliveryException {
    sink.flush(streamId);
  }
}
