package io.gatestream.ingest;

import io.gatestream.errors.ConfigException;
import io.gatestream.text.Secrets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where a video lies: a file or a URL.
 *
 * @param text the path or the URL as given, passwords included: for FFmpeg only
 * @param url whether it is a URL
 */
record Location(String text, boolean url) {
  private static final Set<String> LIVE_SCHEMES =
      Set.of("rtsp", "rtsps", "rtmp", "rtmps", "udp", "rtp", "srt", "tcp");
  private static final Set<String> OTHER_SCHEMES = Set.of("http", "https");
  private static final Pattern SCHEME =
      Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]+://.*", Pattern.DOTALL);

  static Location of(Path file) {
    return new Location(file.toString(), false);
  }

  static boolean looksLikeUrl(String text) {
    return SCHEME.matcher(text).matches();
  }

  /**
   * A URL of a protocol that ingest takes.
   *
   * @throws ConfigException another protocol, such as concat or data
   */
  static Location ofUrl(String text) {
    Secrets.learn(text);
    Location location = new Location(text, true);
    if (!LIVE_SCHEMES.contains(location.scheme()) && !OTHER_SCHEMES.contains(location.scheme())) {
      throw new ConfigException(
          "%s: the protocol '%s' is not taken; use one of rtsp, rtsps, rtmp, rtmps, udp, rtp, srt, tcp, http, https"
              .formatted(location, location.scheme()));
    }
    return location;
  }

  /** Replaces the user and password, and secret query values, of every URL in a text. */
  static String mask(String text) {
    return Secrets.mask(text);
  }

  /** Whether it is a camera at this machine. */
  boolean webcam() {
    return url && Webcam.is(text);
  }

  String scheme() {
    return webcam()
        ? Webcam.FORMAT
        : url ? text.substring(0, text.indexOf(':')).toLowerCase(Locale.ROOT) : "file";
  }

  /** Whether the protocol itself is live; http is found out once it is open. */
  boolean liveProtocol() {
    return webcam() || LIVE_SCHEMES.contains(scheme());
  }

  /** The name for FFmpeg; a file's name is never taken for a protocol. */
  String forFfmpeg() {
    return url ? text : "file:" + Path.of(text).toAbsolutePath();
  }

  /**
   * A stream id: the file's name, or the last part of the URL's path, without its extension; the
   * host where that part holds a password.
   */
  String name() {
    if (!url || webcam()) {
      return withoutExtension(String.valueOf(Path.of(text).getFileName()));
    }
    String rest = toString().replaceFirst("^[^:]+://(?:\\*{3}@)?", "");
    String path = rest.replaceFirst("[?#].*", "");
    String last = withoutExtension(path.substring(path.lastIndexOf('/') + 1));
    return path.indexOf('/') < 0 || last.isBlank() || last.contains("***") ? host(path) : last;
  }

  /** The host of a URL's part behind the user. */
  private static String host(String rest) {
    String host = rest.replaceFirst("/.*", "").replaceFirst("(?<=[^:]):\\d*$", "");
    return host.isBlank() || host.contains("***") ? "camera" : host;
  }

  static String withoutExtension(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  /** The location as people may read it: passwords are masked. */
  @Override
  public String toString() {
    return url ? Secrets.maskUrl(text) : text;
  }
}
