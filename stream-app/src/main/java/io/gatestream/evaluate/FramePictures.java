package io.gatestream.evaluate;

import io.gatestream.evaluate.score.Mistake;
import java.util.Optional;

/** Finds the pictures of single frames again. For one thread. */
interface FramePictures {
  /** Finds nothing. */
  FramePictures NONE = (stream, frame) -> Optional.empty();

  /** A small JPEG of the frame of a mistake, or nothing where it cannot be had. */
  Optional<byte[]> jpeg(String stream, Mistake frame);
}
