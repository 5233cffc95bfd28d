package io.gatestream.cli;

import io.gatestream.clip.ClipProgress;
import io.gatestream.text.ProgressLine;
import java.time.Duration;
import java.util.function.LongSupplier;

/** How far a clip is, in one line on a terminal. For one thread. */
final class ClipLine implements ClipProgress, AutoCloseable {
  private static final long PAUSE = Duration.ofMillis(200).toNanos();

  private final ProgressLine line;
  private final LongSupplier nanos;
  private long drawn;

  ClipLine(ProgressLine line, LongSupplier nanos) {
    this.line = line;
    this.nanos = nanos;
    this.drawn = nanos.getAsLong();
  }

  static ClipLine onStandardError() {
    return new ClipLine(ProgressLine.onStandardError(), System::nanoTime);
  }

  @Override
  public void found(long records) {
    say("clip: found %d records ...".formatted(records));
  }

  @Override
  public void written(long frames, long of) {
    say("clip: %d of %d frames ...".formatted(frames, of));
  }

  private void say(String text) {
    long now = nanos.getAsLong();
    if (now - drawn > PAUSE) {
      drawn = now;
      line.say(text);
    }
  }

  /** Takes the line away, for what is printed below. */
  void clear() {
    line.close();
  }

  @Override
  public void close() {
    line.close();
  }
}
