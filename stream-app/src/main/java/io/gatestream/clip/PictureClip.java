package io.gatestream.clip;

import static java.util.Objects.requireNonNull;

import io.gatestream.errors.OutageException;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.Micros;
import io.gatestream.frame.decode.CanvasDecoder;
import io.gatestream.frame.decode.CanvasSink;
import io.gatestream.frame.decode.CanvasSize;
import io.gatestream.schema.Frame;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacv.FrameRecorder;
import org.bytedeco.opencv.opencv_core.Mat;
import org.jspecify.annotations.Nullable;

/** A clip whose pictures are encoded for it. Owns decoder and encoder; one thread. */
final class PictureClip implements ClipWriter {
  private final CanvasDecoder decoder = new CanvasDecoder(FrameLimits.DEFAULT);
  private final ClipTally tally;
  private final Path file;
  private final ClipSpan span;
  private final Optional<SpanLabels> labels;
  private @Nullable H264Recorder recorder;

  /**
   * Creates it; the file is written from the first picture on.
   *
   * @param labels what is drawn into the pictures, if anything
   */
  PictureClip(Path file, ClipSpan span, Optional<SpanLabels> labels, ClipTally tally) {
    this.file = file;
    this.span = span;
    this.labels = labels;
    this.tally = tally;
  }

  @Override
  public boolean add(Frame frame) {
    Pictures pictures = new Pictures(frame);
    try {
      pictures.to = open(decoder.prepare(frame));
      decoder.decode(frame, pictures);
    } catch (FrameDecodeException e) {
      int bad = frame.getFrameCount() - pictures.passed;
      tally.damaged(bad, Micros.of(frame.getCaptureTime()), String.valueOf(e.getMessage()));
    }
    return true;
  }

  private H264Recorder open(CanvasSize size) {
    H264Recorder open = recorder;
    if (open == null) {
      try {
        open =
            new H264Recorder(
                file.toString(), size.width(), size.height(), ClipTally.ticksPerSecond(span));
      } catch (FrameRecorder.Exception e) {
        throw failed(e);
      }
      tally.size(size.width(), size.height());
      recorder = open;
    }
    return open;
  }

  private void write(H264Recorder to, Mat rgb, long captured) {
    try {
      to.add(rgb, captured - tally.firstOr(captured));
      tally.add(1, captured, captured);
    } catch (FrameRecorder.Exception e) {
      throw failed(e);
    }
  }

  private OutageException failed(FrameRecorder.Exception failure) {
    return new OutageException(
        "cannot encode the clip: %s; is there room on the disk of %s?"
            .formatted(failure.getMessage(), file.getParent()),
        failure);
  }

  @Override
  public void finish() {
    closeRecorder();
  }

  private void closeRecorder() {
    H264Recorder open = recorder;
    recorder = null;
    if (open != null) {
      try {
        open.close();
      } catch (FrameRecorder.Exception e) {
        throw failed(e);
      }
    }
  }

  @Override
  public void close() {
    try {
      closeRecorder();
    } finally {
      decoder.close();
    }
  }

  /** The pictures of one frame. */
  private final class Pictures implements CanvasSink {
    private final Frame frame;
    private @Nullable H264Recorder to; // opened before the first picture
    private int passed;

    Pictures(Frame frame) {
      this.frame = frame;
    }

    @Override
    public boolean wants(int index, long captureTime) {
      passed = index + 1;
      return captureTime >= Micros.of(span.from()) && captureTime <= Micros.of(span.to());
    }

    @Override
    public void picture(int index, long captureTime, Mat rgb) {
      if (labels.isPresent()) {
        Optional<List<String>> lines =
            labels.get().of(Micros.of(frame.getSession()), frame.getSequence() + index);
        lines.ifPresentOrElse(text -> LabelPainter.paint(rgb, text), tally::unlabelled);
      }
      write(requireNonNull(to), rgb, captureTime);
    }
  }
}
