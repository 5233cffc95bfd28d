package io.gatestream.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells images that move from those that do not: they are videos, each a stream of its own. */
final class AnimatedImage {
  private static final int HEAD_BYTES = 4_096;
  private static final int WEBP_ANIMATION = 0x02;

  private AnimatedImage() {}

  /** Whether a file is a PNG that says of itself that it is animated. */
  static boolean isPng(Path file) {
    return png(head(file));
  }

  /** Whether a file is such a WebP; FFmpeg decodes none. */
  static boolean isWebp(Path file) {
    return webp(head(file));
  }

  private static byte[] head(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(HEAD_BYTES);
    } catch (IOException e) {
      return new byte[0]; // said when it is opened
    }
  }

  /** An animated PNG has an {@code acTL} chunk before its data. */
  private static boolean png(byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    int control = text.indexOf("acTL");
    int data = text.indexOf("IDAT");
    return text.startsWith("\u0089PNG") && control >= 0 && (data < 0 || control < data);
  }

  private static boolean webp(byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    return text.startsWith("RIFF")
        && text.startsWith("WEBPVP8X", 8)
        && head.length > 20
        && (head[20] & WEBP_ANIMATION) != 0;
  }
}
