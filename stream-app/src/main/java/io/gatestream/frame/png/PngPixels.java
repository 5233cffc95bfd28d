package io.gatestream.frame.png;

import static io.gatestream.frame.png.PngDamage.corrupt;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.ImageHeader;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates the pixels of a PNG and counts them (PNG specification, clauses 8 to 10): the decoder in
 * OpenCV paints black over missing rows and reports success. Used by one thread for one file.
 */
final class PngPixels {
  private static final int[] WHOLE = {0, 0, 1, 1};

  /** First column and row, steps across and down, of each pass of an interlaced picture. */
  private static final int[][] ADAM7 = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  private static final int FILTERS = 5;

  private final Inflater inflater;
  private final Iterator<ByteBuffer> data;
  private final byte[] row;

  private PngPixels(Inflater inflater, List<ByteBuffer> data, int rowBytes) {
    this.inflater = inflater;
    this.data = data.iterator();
    this.row = new byte[rowBytes];
  }

  /**
   * Checks the pixels.
   *
   * @param header already within the limits
   * @param depth bits a sample
   * @param data the contents of the IDAT chunks
   * @throws FrameDecodeException CORRUPT
   */
  static void check(ImageHeader header, int depth, boolean interlaced, List<ByteBuffer> data)
      throws FrameDecodeException {
    int bits = header.components() * depth;
    Inflater inflater = new Inflater();
    try {
      PngPixels pixels = new PngPixels(inflater, data, rowBytes(header.width(), bits));
      for (int[] pass : interlaced ? ADAM7 : new int[][] {WHOLE}) {
        int columns = (header.width() - pass[0] + pass[2] - 1) / pass[2];
        int rows = (header.height() - pass[1] + pass[3] - 1) / pass[3];
        for (int y = 0; columns > 0 && y < rows; y++) {
          pixels.row(rowBytes(columns, bits));
        }
      }
      pixels.end();
    } catch (DataFormatException e) {
      throw new FrameDecodeException(Reason.CORRUPT, "PNG: " + e.getMessage(), e);
    } finally {
      inflater.end();
    }
  }

  private static int rowBytes(int columns, int bits) {
    return 1 + (columns * bits + 7) / 8;
  }

  private void row(int length) throws FrameDecodeException, DataFormatException {
    int filled = 0;
    while (filled < length) {
      int inflated = inflater.inflate(row, filled, length - filled);
      filled += inflated;
      if (inflated == 0 && !more()) {
        throw corrupt("less data than pixels");
      }
    }
    if (row[0] < 0 || row[0] >= FILTERS) {
      throw corrupt("row filter " + row[0]);
    }
  }

  /** The checksum must be there and right, and nothing before it. */
  private void end() throws FrameDecodeException, DataFormatException {
    while (!inflater.finished()) {
      if (inflater.inflate(row, 0, 1) > 0) {
        throw corrupt("more data than pixels");
      }
      if (!inflater.finished() && !more()) {
        throw corrupt("the end of its data is missing");
      }
    }
  }

  private boolean more() {
    if (inflater.finished() || inflater.needsDictionary() || !data.hasNext()) {
      return false;
    }
    inflater.setInput(data.next());
    return true;
  }
}
