package io.gatestream.ingest;

import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** The pictures of another source from one time, included, to another, excluded. */
final class TrimmedPictures implements PictureSource {
  private final PictureSource source;
  private final long fromMicros;
  private final long toMicros;

  TrimmedPictures(PictureSource source, long fromMicros, long toMicros) {
    this.source = source;
    this.fromMicros = fromMicros;
    this.toMicros = toMicros;
  }

  @Override
  public @Nullable Picture next() throws SourceException {
    Picture picture = source.next();
    while (picture != null && picture.micros() < fromMicros) {
      picture = source.next();
    }
    return picture == null || picture.micros() >= toMicros ? null : picture;
  }

  @Override
  public long endMicros() {
    return Math.min(source.endMicros(), toMicros);
  }

  @Override
  public OptionalDouble rate() {
    return source.rate();
  }

  @Override
  public int rotation() {
    return source.rotation();
  }

  @Override
  public void close() {
    source.close();
  }
}
