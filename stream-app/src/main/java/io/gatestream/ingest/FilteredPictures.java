package io.gatestream.ingest;

import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_side_data;

import io.gatestream.ingest.FilterGraph.Filter;
import io.gatestream.ingest.FilterGraph.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVFrameSideData;
import org.bytedeco.javacpp.IntPointer;
import org.jspecify.annotations.Nullable;

/**
 * Another source's pictures made progressive, upright, of one size and of one pixel format, fewer
 * where a lower rate is asked for.
 *
 * <p>swscale gets the source's colour matrix and range; a source that states none counts as BT.601,
 * limited range, as FFmpeg and OpenCV do. Interlaced pictures are thinned after the deinterlacer,
 * for it looks at neighbours; all others before any pixel is touched.
 */
final class FilteredPictures implements PictureSource {
  private final PictureSource source;
  private final Optional<PictureSize> size;
  private final Optional<Thinning> thinning;
  private final String format;
  private final Consumer<String> warnings;
  private @Nullable FilterGraph graph;
  private @Nullable Picture waiting;
  private boolean interlaced;
  private boolean draining;

  /**
   * Takes {@code source} over.
   *
   * @param format FFmpeg's name: bgr24, or yuv420p, which comes with even sides
   */
  FilteredPictures(
      PictureSource source,
      Optional<PictureSize> size,
      Optional<Thinning> thinning,
      String format,
      Consumer<String> warnings) {
    this.source = source;
    this.size = size;
    this.thinning = thinning;
    this.format = format;
    this.warnings = warnings;
  }

  @Override
  public @Nullable Picture next() throws SourceException {
    while (true) {
      Picture ready = graph == null ? null : graph.pull();
      if (ready != null) {
        if (!interlaced || keeps(ready)) {
          return ready;
        }
      } else if (waiting != null) {
        Picture first = waiting;
        waiting = null;
        newGraph(first).push(first);
      } else if (draining) {
        return null;
      } else {
        feed();
      }
    }
  }

  private void feed() throws SourceException {
    Picture picture = source.next();
    while (picture != null && !interlaced && graph != null && !keeps(picture)) {
      picture = source.next();
    }
    if (picture == null) {
      draining = true;
      if (graph != null) {
        graph.push(null);
      }
    } else if (graph == null) {
      interlaced = (picture.pixels().flags() & AVFrame.AV_FRAME_FLAG_INTERLACED) != 0;
      if (interlaced) {
        warnings.accept("is interlaced: deinterlaced with yadif");
      }
      if (interlaced || keeps(picture)) {
        newGraph(picture).push(picture);
      }
    } else if (graph.shape().equals(Shape.of(picture.pixels(), rotation(picture.pixels())))) {
      graph.push(picture);
    } else {
      graph.push(null);
      waiting = picture;
    }
  }

  private boolean keeps(Picture picture) {
    return thinning.isEmpty() || thinning.get().keeps(picture.micros());
  }

  private FilterGraph newGraph(Picture picture) throws SourceException {
    if (graph != null) {
      graph.close();
      graph = null;
    }
    int rotation = rotation(picture.pixels());
    List<Filter> filters = new ArrayList<>();
    if (interlaced) {
      filters.add(new Filter("yadif", "deint=interlaced"));
    }
    switch (rotation) {
      case 90 -> filters.add(new Filter("transpose", "clock"));
      case 180 -> {
        filters.add(new Filter("hflip", ""));
        filters.add(new Filter("vflip", ""));
      }
      case 270 -> filters.add(new Filter("transpose", "cclock"));
      default -> {}
    }
    boolean even = format.equals("yuv420p");
    String sides =
        size.map(s -> even ? even(s) : s)
            .map(s -> "w=%d:h=%d".formatted(s.width(), s.height()))
            .orElse(even ? "w=max(2\\,trunc(iw/2)*2):h=max(2\\,trunc(ih/2)*2)" : "w=iw:h=ih");
    String range = even ? ":out_range=tv" : "";
    filters.add(
        new Filter(
            "scale", sides + range + ":flags=bicubic+accurate_rnd+full_chroma_int+bitexact"));
    filters.add(new Filter("format", "pix_fmts=" + format));
    FilterGraph fresh = new FilterGraph(Shape.of(picture.pixels(), rotation), filters);
    graph = fresh;
    return fresh;
  }

  private static PictureSize even(PictureSize size) {
    return new PictureSize(Math.max(2, size.width() & ~1), Math.max(2, size.height() & ~1));
  }

  private int rotation(AVFrame frame) {
    AVFrameSideData matrix = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
    return matrix == null || matrix.isNull()
        ? source.rotation()
        : Demuxer.clockwise(new IntPointer(matrix.data()));
  }

  @Override
  public long endMicros() {
    return source.endMicros();
  }

  @Override
  public OptionalDouble rate() {
    return thinning.isPresent()
        ? OptionalDouble.of(Math.min(thinning.get().rate(), source.rate().orElse(Double.MAX_VALUE)))
        : source.rate();
  }

  @Override
  public int rotation() {
    return 0;
  }

  @Override
  public void close() {
    if (graph != null) {
      graph.close();
      graph = null;
    }
    source.close();
  }
}
