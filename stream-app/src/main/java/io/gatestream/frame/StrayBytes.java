package io.gatestream.frame;

/**
 * What becomes of a JPEG with a few bytes between its markers that belong to nothing, as some
 * webcams send it; all of the picture is there either way.
 */
public enum StrayBytes {
  /** It is corrupt: bytes that are left over are also what damage leaves. */
  REFUSE,
  /** It is decoded without them. */
  REPAIR
}
