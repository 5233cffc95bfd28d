package io.gatestream.frame.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gatestream.frame.TestPictures;
import io.gatestream.schema.Encoding;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ThumbnailsTest {
  @Test
  void coloursAreThoseOfTheFrameAndWhatItDoesNotFillIsBlack() throws Exception {
    BufferedImage thumbnail = thumbnail(200, 100, 30, 120, 220);
    assertThat(thumbnail.getWidth()).isEqualTo(240);
    assertThat(thumbnail.getHeight()).isEqualTo(180);
    Color middle = new Color(thumbnail.getRGB(120, 90));
    assertThat(middle.getBlue()).isCloseTo(30, within(4));
    assertThat(middle.getGreen()).isCloseTo(120, within(4));
    assertThat(middle.getRed()).isCloseTo(220, within(4));
    Color bar = new Color(thumbnail.getRGB(120, 5));
    assertThat(bar.getRed() + bar.getGreen() + bar.getBlue()).isLessThan(12);
  }

  @Test
  void oneAfterTheOtherIsTheNewOne() throws Exception {
    try (Thumbnails thumbnails = new Thumbnails()) {
      byte[] first = jpeg(thumbnails, 240, 180, 0, 0, 255);
      byte[] second = jpeg(thumbnails, 240, 180, 255, 0, 0);
      assertThat(new Color(read(first).getRGB(100, 100)).getRed()).isGreaterThan(240);
      assertThat(new Color(read(second).getRGB(100, 100)).getBlue()).isGreaterThan(240);
    }
  }

  @Test
  void aFrameThatDoesNotDecodeHasNone() {
    try (Thumbnails thumbnails = new Thumbnails()) {
      assertThat(thumbnails.jpeg(TestPictures.frame(Encoding.JPEG, new byte[] {1, 2, 3}), 0))
          .isEmpty();
    }
  }

  private static BufferedImage thumbnail(int width, int height, int blue, int green, int red)
      throws Exception {
    try (Thumbnails thumbnails = new Thumbnails()) {
      return read(jpeg(thumbnails, width, height, blue, green, red));
    }
  }

  private static byte[] jpeg(
      Thumbnails thumbnails, int width, int height, int blue, int green, int red) {
    byte[] bgr = new byte[3 * width * height];
    for (int i = 0; i < bgr.length; i += 3) {
      bgr[i] = (byte) blue;
      bgr[i + 1] = (byte) green;
      bgr[i + 2] = (byte) red;
    }
    byte[] png = TestPictures.image(".png", bgr, width, height, 3);
    return thumbnails.jpeg(TestPictures.frame(Encoding.PNG, png), 0).orElseThrow();
  }

  private static BufferedImage read(byte[] jpeg) throws Exception {
    return ImageIO.read(new ByteArrayInputStream(jpeg));
  }
}
