package io.gatestream.frame;

/** How closely a JPEG is looked at before it is decoded. */
public enum JpegDepth {
  /**
   * Markers, headers, tables, limits and every Huffman code: what passes decodes whole, down to its
   * last pixel.
   */
  FULL,
  /**
   * All of that but the codes. Damage within the coded data is not seen: the decoder paints grey or
   * wrong pixels over it, and the picture is labelled. It may also write a complaint to standard
   * error.
   */
  STRUCTURE
}
