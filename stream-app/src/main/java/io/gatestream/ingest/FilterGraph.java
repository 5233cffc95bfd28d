package io.gatestream.ingest;

import static org.bytedeco.ffmpeg.global.avfilter.AV_BUFFERSRC_FLAG_KEEP_REF;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_frame;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_time_base;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersrc_add_frame_flags;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_get_by_name;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_alloc;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_config;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_create_filter;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_free;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_link;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.avutil.av_rescale_q;
import static org.bytedeco.ffmpeg.presets.avutil.AVERROR_EAGAIN;

import java.util.List;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * A chain of FFmpeg's picture filters for pictures of one shape and colour description. For one
 * thread; it owns its native graph.
 */
final class FilterGraph implements AutoCloseable {
  private static final AVRational MICROS = new AVRational().num(1).den(1_000_000);

  /** What the pictures of one graph have in common. */
  record Shape(int width, int height, int format, int colourSpace, int colourRange, int rotation) {
    static Shape of(AVFrame frame, int rotation) {
      return new Shape(
          frame.width(),
          frame.height(),
          frame.format(),
          frame.colorspace(),
          frame.color_range(),
          rotation);
    }
  }

  /** A filter with its arguments in FFmpeg's spelling. */
  record Filter(String name, String arguments) {}

  private final AVFilterGraph graph = avfilter_graph_alloc();
  private final AVFilterContext source = new AVFilterContext(null);
  private final AVFilterContext sink = new AVFilterContext(null);
  private final AVFrame output = av_frame_alloc();
  private final Shape shape;

  FilterGraph(Shape shape, List<Filter> filters) throws SourceException {
    this.shape = shape;
    try {
      create(
          source,
          new Filter(
              "buffer",
              "video_size=%dx%d:pix_fmt=%d:time_base=1/1000000:pixel_aspect=1/1:colorspace=%d:range=%d"
                  .formatted(
                      shape.width(),
                      shape.height(),
                      shape.format(),
                      shape.colourSpace(),
                      shape.colourRange())));
      AVFilterContext last = source;
      for (Filter filter : filters) {
        AVFilterContext next = new AVFilterContext(null);
        create(next, filter);
        FfmpegCall.check(avfilter_link(last, 0, next, 0), "picture filter " + filter.name());
        last = next;
      }
      create(sink, new Filter("buffersink", ""));
      FfmpegCall.check(avfilter_link(last, 0, sink, 0), "picture filters");
      FfmpegCall.check(avfilter_graph_config(graph, (Pointer) null), "picture filters");
    } catch (SourceException e) {
      close();
      throw e;
    }
  }

  private void create(AVFilterContext context, Filter filter) throws SourceException {
    FfmpegCall.check(
        avfilter_graph_create_filter(
            context,
            avfilter_get_by_name(filter.name()),
            filter.name(),
            filter.arguments(),
            null,
            graph),
        "picture filter " + filter.name());
  }

  Shape shape() {
    return shape;
  }

  /** Puts a picture in; null says that no more come. The picture stays the caller's. */
  void push(@Nullable Picture picture) throws SourceException {
    AVFrame frame = picture == null ? null : picture.pixels();
    if (picture != null) {
      picture.pixels().pts(picture.micros());
    }
    FfmpegCall.check(
        av_buffersrc_add_frame_flags(source, frame, AV_BUFFERSRC_FLAG_KEEP_REF), "picture filters");
  }

  /** The next picture that is ready, a view until the next call; null where more must be put in. */
  @Nullable Picture pull() throws SourceException {
    av_frame_unref(output);
    int result = av_buffersink_get_frame(sink, output);
    if (result == AVERROR_EAGAIN() || result == AVERROR_EOF) {
      return null;
    }
    FfmpegCall.check(result, "picture filters");
    return new Picture(
        output, av_rescale_q(output.pts(), av_buffersink_get_time_base(sink), MICROS));
  }

  @Override
  public void close() {
    av_frame_free(output);
    avfilter_graph_free(graph);
  }
}
