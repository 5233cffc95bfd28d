package io.gatestream.ingest;

import java.nio.file.Path;
import java.util.List;

/**
 * One source, which becomes one stream. {@link SourceFinder} makes them from what was typed.
 *
 * @param streamId its stream
 * @param location the video, or the folder of the images, passwords of URLs included
 * @param images files of an image sequence, in order; empty for a video
 */
public record VideoSource(String streamId, String location, List<Path> images) {
  public VideoSource {
    if (streamId.isBlank()) {
      throw new io.gatestream.errors.ConfigException(
          "the stream id of %s is empty".formatted(Location.mask(location)));
    }
    images = List.copyOf(images);
  }

  /** A video file as a stream named after it. */
  public static VideoSource of(Path file) {
    return new VideoSource(Location.of(file).name(), file.toString(), List.of());
  }

  /** Where it lies, passwords left out. */
  String shown() {
    return images.isEmpty() ? place().toString() : location;
  }

  Location place() {
    if (images.isEmpty() && Webcam.is(location)) {
      return new Location(location, true);
    }
    return images.isEmpty() && Location.looksLikeUrl(location)
        ? Location.ofUrl(location)
        : new Location(location, false);
  }

  /** Leaves passwords out. */
  @Override
  public String toString() {
    return "%s (%s)".formatted(streamId, shown());
  }
}
