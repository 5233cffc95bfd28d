package io.gatestream.frame.jpeg;

import io.gatestream.frame.FrameDecodeException;
import org.jspecify.annotations.Nullable;

/**
 * Room for what the check of one JPEG after the other needs: Huffman tables, which are good until
 * the next file's take their place, and a stretch of entropy-coded data. The same for all files,
 * 150 KB at most. Used by one thread.
 */
public final class JpegTables {
  private static final int SLOTS = 4;

  private final @Nullable HuffmanTable[] dc = new HuffmanTable[SLOTS];
  private final @Nullable HuffmanTable[] ac = new HuffmanTable[SLOTS];
  private final EntropyWindow window = new EntropyWindow();

  /** The room for a stretch of the file's data. */
  EntropyWindow window() {
    return window;
  }

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
    // a camera with tables of its own sends them with every picture
    if (!table.isOf(counts, symbols)) {
      table.load(counts, symbols);
    }
    return table;
  }
}
