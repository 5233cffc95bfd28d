package io.gatestream.ingest;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Image files as the pictures of one stream, at a fixed rate. */
final class ImagePictures implements PictureSource {
  private final List<Path> files;
  private final double rate;
  private final Damage damage;
  private @Nullable VideoPictures current;
  private int next;

  ImagePictures(List<Path> files, double rate, Damage damage) {
    this.damage = damage;
    this.files = List.copyOf(files);
    this.rate = rate;
  }

  @Override
  public @Nullable Picture next() throws SourceException {
    while (next < files.size()) {
      close();
      Location location = Location.of(files.get(next));
      long micros = micros(next++);
      try {
        VideoPictures image = new VideoPictures(new Demuxer(location, null), 1);
        current = image;
        Picture picture = image.next();
        if (picture != null) {
          return new Picture(picture.pixels(), micros);
        }
        damage.found(location, micros, "it has no picture");
      } catch (SourceException e) {
        if (damage.strict()) {
          throw e;
        }
        damage.found(location, micros, String.valueOf(e.getMessage()));
      }
    }
    close();
    return null;
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
