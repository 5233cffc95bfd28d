package io.gatestream.dist;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The licence of FFmpeg's natives, which depends on how they were built: each library of it carries
 * a text that says so.
 */
final class FfmpegLicence {
  private static final Pattern LIBRARY =
      Pattern.compile("org/bytedeco/ffmpeg/[^/]+/(lib)?avutil[.-][^/]+");
  private static final Pattern LICENCE = Pattern.compile("libavutil license: ([ -~]+)");
  private static final Pattern CONFIGURATION = Pattern.compile("--prefix=[ -~]{40,}");

  private FfmpegLicence() {}

  /** Whether an entry is the library that is asked. */
  static boolean isAsked(String entry) {
    return LIBRARY.matcher(entry).matches();
  }

  /**
   * Writes what a library says.
   *
   * @param jar the name of its jar, without {@code .jar}
   * @throws IllegalStateException it says nothing, or is not under the LGPL: a build with GPL parts
   *     would put the whole distribution under the GPL
   */
  static void write(byte[] library, String jar, Path to) throws IOException {
    String text = new String(library, ISO_8859_1);
    String licence = found(LICENCE, text, 1);
    String configuration = found(CONFIGURATION, text, 0);
    if (!licence.startsWith("LGPL ") || configuration.contains("--enable-nonfree")) {
      throw new IllegalStateException(
          "%s says that its licence is '%s', built by %s".formatted(jar, licence, configuration));
    }
    Files.writeString(
        to,
        """
        FFmpeg's libraries of %s are under the %s, and are used as they come, as shared libraries.
        They say so themselves, and that they were built by
        %s
        Their source: https://ffmpeg.org/releases and https://github.com/bytedeco/javacpp-presets/tree/master/ffmpeg
        The licence: LGPL-3.0.txt, and GPL-3.0.txt of which it is part.
        """
            .formatted(jar, licence, configuration));
  }

  private static String found(Pattern pattern, String text, int group) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException("FFmpeg's library has no text like " + pattern);
    }
    return matcher.group(group);
  }
}
