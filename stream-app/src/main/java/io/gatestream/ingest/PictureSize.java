package io.gatestream.ingest;

import io.gatestream.errors.ConfigException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Width and height in pixels. */
public record PictureSize(int width, int height) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,5})[xX](\\d{1,5})");

  public PictureSize {
    if (width < 1 || height < 1 || width > 8_192 || height > 8_192) {
      throw new ConfigException(
          "size %dx%d: give sides from 1 to 8192 pixels".formatted(width, height));
    }
  }

  /**
   * Reads {@code 640x360}.
   *
   * @throws ConfigException another form
   */
  public static PictureSize parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new ConfigException("size '%s': give WIDTHxHEIGHT, such as 640x360".formatted(text));
    }
    return new PictureSize(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }
}
