package io.gatestream.ingest;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Image files as the pictures of one stream, at a fixed rate. */
final class ImagePictures implements PictureSource {
  static final double STANDARD_RATE = 25;

  private final List<Path> files;
  private final double rate;
  private @Nullable VideoPictures current;
  private int next;

  ImagePictures(List<Path> files, double rate) {
    this.files = List.copyOf(files);
    this.rate = rate;
  }

  @Override
  public @Nullable Picture next() throws SourceException {
    close();
    if (next == files.size()) {
      return null;
    }
    Location location = Location.of(files.get(next));
    VideoPictures image = new VideoPictures(new Demuxer(location, null), 1);
    current = image;
    Picture picture = image.next();
    if (picture == null) {
      throw new SourceException(location + " is damaged: it has no picture");
    }
    return new Picture(picture.pixels(), micros(next++));
  }

  private long micros(int number) {
    return Math.round(number * 1e6 / rate);
  }

  @Override
  public long endMicros() {
    return micros(next);
  }

  @Override
  public OptionalDouble rate() {
    return OptionalDouble.of(rate);
  }

  @Override
  public int rotation() {
    return 0;
  }

  @Override
  public void close() {
    if (current != null) {
      current.close();
      current = null;
    }
  }
}
