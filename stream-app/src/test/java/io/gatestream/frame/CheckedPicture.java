package io.gatestream.frame;

import static java.util.Objects.requireNonNull;

import io.gatestream.frame.FrameDecodeException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * What a check said of a file: its header and what goes to the decoder, or why it is refused.
 *
 * @param file empty where it is refused
 * @param problem empty where it is not
 */
public record CheckedPicture(
    Optional<ImageHeader> header, ByteBuffer file, Optional<Reason> reason, String problem) {
  /** A check under test. */
  public interface Check {
    CheckedPicture of(ByteBuffer file) throws FrameDecodeException;
  }

  /** What the JDK's decoder makes of a file: an image, or none, and what it complains of. */
  public record Second(Optional<java.awt.image.BufferedImage> image, List<String> complaints) {}

  public static CheckedPicture by(Check check, ByteBuffer file) {
    try {
      return check.of(file);
    } catch (FrameDecodeException e) {
      return new CheckedPicture(
          Optional.empty(),
          ByteBuffer.allocate(0),
          Optional.of(e.reason()),
          requireNonNull(e.getMessage()));
    }
  }

  public static CheckedPicture accepted(ImageHeader header, ByteBuffer file) {
    return new CheckedPicture(Optional.of(header), file, Optional.empty(), "");
  }

  /**
   * A buffer of {@code bytes} with bytes of another kind before its position and behind its limit.
   */
  public static ByteBuffer amid(byte[] bytes, int fill) {
    byte[] room = new byte[bytes.length + 48];
    Arrays.fill(room, (byte) fill);
    System.arraycopy(bytes, 0, room, 17, bytes.length);
    return ByteBuffer.wrap(room, 17, bytes.length);
  }

  public byte[] bytes() {
    byte[] copy = new byte[file.remaining()];
    file.duplicate().get(copy);
    return copy;
  }

  /** Decodes with the JDK's codecs, which share no code with the checks. */
  public static Second second(String format, byte[] file) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
    List<String> complaints = new ArrayList<>();
    reader.addIIOReadWarningListener((source, warning) -> complaints.add(warning));
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      reader.setInput(in, true, true);
      return new Second(Optional.of(reader.read(0)), complaints);
    } catch (IOException | RuntimeException e) {
      // it takes fewer kinds of files than OpenCV
      return new Second(Optional.empty(), complaints);
    } finally {
      reader.dispose();
    }
  }
}
