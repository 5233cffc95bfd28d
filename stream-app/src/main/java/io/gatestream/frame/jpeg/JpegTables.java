package io.gatestream.frame.jpeg;

import io.gatestream.frame.FrameDecodeException;
import org.jspecify.annotations.Nullable;

/**
 * Room for the Huffman tables of one JPEG after the other: a file's tables are good until the next
 * file's take their place. Used by one thread.
 */
public final class JpegTables {
  private static final int SLOTS = 4;

  private final @Nullable HuffmanTable[] dc = new HuffmanTable[SLOTS];
  private final @Nullable HuffmanTable[] ac = new HuffmanTable[SLOTS];

  /**
   * The table of these codes, in the room of the slot.
   *
   * @param slot from 0 to 3
   * @throws FrameDecodeException as {@link HuffmanTable#load}
   */
  HuffmanTable load(boolean isAc, int slot, int[] counts, byte[] symbols)
      throws FrameDecodeException {
    @Nullable HuffmanTable[] room = isAc ? ac : dc;
    HuffmanTable table = room[slot];
    if (table == null) {
      table = new HuffmanTable(isAc);
      room[slot] = table;
    }
    table.load(counts, symbols);
    return table;
  }
}
