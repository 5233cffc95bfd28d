package io.gatestream.ingest;

import static org.bytedeco.ffmpeg.global.avutil.av_frame_clone;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import java.util.OptionalDouble;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/** The pictures of a file at the times of its {@link SourceTimeline}. */
final class SteadyPictures implements PictureSource {
  private final PictureSource source;
  private final SourceTimeline timeline;
  private final long interval;

  /** The picture before the one that was looked at ahead; ours to free. */
  private @Nullable AVFrame held;

  private @Nullable Picture ahead;
  private long lastMicros = -1;

  /** Takes the source over. */
  SteadyPictures(PictureSource source, Damage damage) {
    this.source = source;
    this.interval = Math.round(1e6 / source.rate().orElse(PictureSource.STANDARD_RATE));
    this.timeline = new SourceTimeline(interval, damage);
  }

  @Override
  public @Nullable Picture next() throws SourceException {
    free();
    Picture picture = ahead == null ? source.next() : ahead;
    ahead = null;
    if (picture == null) {
      return null;
    }
    long micros = picture.micros();
    AVFrame pixels = picture.pixels();
    long next = micros;
    if (timeline.asksForNext(micros)) {
      pixels = av_frame_clone(pixels);
      held = pixels;
      ahead = source.next();
      next = ahead == null ? micros : ahead.micros();
    }
    lastMicros = timeline.place(micros, next);
    return new Picture(pixels, lastMicros);
  }

  private void free() {
    if (held != null) {
      av_frame_free(held);
      held = null;
    }
  }

  @Override
  public long endMicros() {
    return lastMicros < 0 ? source.endMicros() : lastMicros + interval;
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
    free();
    source.close();
  }
}
