package io.gatestream.play;

import io.gatestream.config.KafkaAccess;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelEvent;
import java.util.List;

/** Hears how a {@link VideoSession} goes, on the thread that runs it but for {@link #sent}. */
public interface VideoWatcher {
  /** A line for the user about what is being started. */
  void say(String line);

  /** The application runs, and its topics are there. */
  default void running(KafkaAccess access) {}

  /** Application and broker are about to end, whether all went well or not. */
  default void leaving() {}

  /** A record is about to be sent; called on the threads that send. */
  void sent(String stream, long sequence, long nanos);

  void labelled(FrameLabel label, long nanos);

  /** Called again and again. */
  void refresh(long nanos);

  /** What began and ended, before {@link #finished}; not called where there are no rules for it. */
  default void told(List<LabelEvent> events) {}

  /**
   * All frames are accounted for, and the broker still runs.
   *
   * @param seconds from the first frame sent to the last label read
   */
  void finished(KafkaAccess access, FrameAccount account, double seconds);
}
