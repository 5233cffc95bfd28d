package io.gatestream.lookahead;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.schema.Frame;
import org.jspecify.annotations.Nullable;

/**
 * One record of the frames topic, parsed, decoded and encoded ahead or here and now. The answers
 * are the same in each case, but for pictures that nobody wanted and that have features. Used by
 * one thread.
 */
public interface FrameRecord {
  /**
   * The frame; parsed once, ahead or here.
   *
   * @throws FrameDecodeException the record does not parse
   */
  Frame frame() throws FrameDecodeException;

  /**
   * The pictures, with features of all that are wanted: finished ahead, waited for, or made here
   * and now. Asked for once.
   *
   * @param wanted asked once for each picture, in order, on the calling thread
   * @throws FrameDecodeException the record is bad
   */
  EncodedRecord pictures(PictureFilter wanted) throws FrameDecodeException;

  /** Takes the step that was made ahead for a picture; null where none was. Asked for once. */
  default StepNotes.@Nullable Note takeStep(int picture) {
    return null;
  }
}
