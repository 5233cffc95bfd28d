package io.gatestream.ingest;

import io.gatestream.schema.Frame;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A sink that keeps what it gets. */
final class CollectedFrames implements FrameSink {
  private final List<Frame> frames = new CopyOnWriteArrayList<>();

  List<Frame> frames() {
    return frames;
  }

  @Override
  public void send(Frame frame) {
    frames.add(frame);
  }

  @Override
  public void flush(String streamId) {}
}
