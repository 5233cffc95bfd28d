package io.gatestream.clip;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.DataException;
import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.decode.NativeSetup;
import io.gatestream.labels.StreamRecords;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes clips: MP4 files of what a stream showed. Pictures are encoded as H.264. Segments of H.264
 * are passed on as they are, unless labels are drawn into them, pictures lie among them, or their
 * parameters change.
 *
 * <p>{@link #make} reads, decodes and writes on the thread that calls it, and closes all that it
 * opens. It holds the pictures of one record at a time. {@link #stop} may be called from any
 * thread.
 */
public final class ClipMaker {
  private final KafkaAccess access;
  private final AvroFrameCodec codec = new AvroFrameCodec(FrameLimits.DEFAULT);
  private volatile boolean stopped;

  public ClipMaker(KafkaAccess access) {
    this.access = access;
  }

  /**
   * Makes a clip. The file is there when this returns, and otherwise it is as it was.
   *
   * @return empty where it was stopped
   * @throws io.gatestream.errors.ConfigException the file cannot go there, a topic does not exist,
   *     or has no frame of such a stream then
   * @throws DataException the frames are gone, or all are damaged
   * @throws io.gatestream.errors.OutageException a topic may not be read, no broker answers, or the
   *     file cannot be written
   */
  public Optional<ClipSummary> make(ClipRequest request, ClipProgress progress) {
    Mp4File.check(request.output(), request.overwrite());
    NativeSetup.load();
    ClipSpan span = request.span();
    FoundFrames found;
    Optional<SpanLabels> labels;
    try (StreamRecords records = StreamRecords.open(access, () -> stopped)) {
      found = SpanReading.read(records, request.framesTopic(), span, progress);
      if (stopped) {
        return Optional.empty();
      }
      found.requireSome();
      labels = request.labelsTopic().map(topic -> labels(records, topic, found));
    }
    try (Mp4File file = Mp4File.beside(request.output())) {
      Optional<ClipSummary> made = write(request, file.part(), found, labels, progress);
      if (made.isPresent()) {
        file.finish();
      }
      return made;
    }
  }

  private static SpanLabels labels(StreamRecords records, String topic, FoundFrames found) {
    long first = found.index().frames().get(0).captured();
    return SpanLabels.read(records, topic, found.span(), found.partition(), first);
  }

  private Optional<ClipSummary> write(
      ClipRequest request,
      Path part,
      FoundFrames found,
      Optional<SpanLabels> labels,
      ClipProgress progress) {
    List<IndexedFrame> frames = found.index().frames();
    List<String> why = new ArrayList<>();
    if (labels.isEmpty() && frames.stream().allMatch(IndexedFrame::segment)) {
      ClipTally tally = new ClipTally();
      try (ClipWriter writer = new SegmentClip(part, request.span(), tally)) {
        if (fill(writer, tally, request.framesTopic(), frames, progress)) {
          return finish(writer, tally, request, found, List.of(), false);
        }
      }
      why.add("the H.264 of its segments changes, so its pictures were encoded again");
    } else if (labels.isEmpty() && frames.stream().anyMatch(IndexedFrame::segment)) {
      why.add("pictures lie among its segments, so all of them were encoded again");
    }
    ClipTally tally = new ClipTally();
    try (ClipWriter writer = new PictureClip(part, request.span(), labels, tally)) {
      fill(writer, tally, request.framesTopic(), frames, progress);
      return finish(writer, tally, request, found, why, true);
    }
  }

  private Optional<ClipSummary> finish(
      ClipWriter writer,
      ClipTally tally,
      ClipRequest request,
      FoundFrames found,
      List<String> why,
      boolean encoded) {
    if (stopped) {
      return Optional.empty();
    }
    tally.requireSome(request);
    writer.finish();
    return Optional.of(tally.summary(found, request, why, encoded));
  }

  /** Whether the writer took all of them, or was stopped. */
  private boolean fill(
      ClipWriter writer,
      ClipTally tally,
      String topic,
      List<IndexedFrame> frames,
      ClipProgress progress) {
    long all = FrameIndex.frames(frames);
    try (FrameFetch fetch = new FrameFetch(access, topic)) {
      for (IndexedFrame frame : frames) {
        if (stopped) {
          return true;
        }
        Optional<byte[]> value = fetch.value(frame.partition(), frame.offset());
        if (value.isEmpty()) {
          tally.gone(frame.count());
        } else if (!writer.add(codec.decode(value.get()))) {
          return false;
        }
        progress.written(tally.frames(), all);
      }
      return true;
    } catch (FrameDecodeException e) {
      throw new IllegalStateException("a frame that was one is none any more", e);
    }
  }

  /** Has {@link #make} leave off soon, and all later ones at once. */
  public void stop() {
    stopped = true;
  }
}
