package io.gatestream.evaluate;

import io.gatestream.evaluate.score.Mistake;
import io.gatestream.frame.decode.Thumbnails;
import io.gatestream.ingest.FrameSink;
import io.gatestream.ingest.Ingest;
import io.gatestream.ingest.IngestListener;
import io.gatestream.ingest.IngestSettings;
import io.gatestream.ingest.VideoSource;
import io.gatestream.schema.Frame;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Pictures from the clips themselves, read again at the frame's time. */
final class ClipPictures implements FramePictures {
  private final Map<String, VideoSource> sources;

  ClipPictures(List<VideoSource> sources) {
    this.sources =
        sources.stream().collect(Collectors.toMap(VideoSource::streamId, Function.identity()));
  }

  @Override
  public Optional<byte[]> jpeg(String stream, Mistake frame) {
    VideoSource source = sources.get(stream);
    if (source == null) {
      return Optional.empty();
    }
    Queue<Frame> found = new ConcurrentLinkedQueue<>();
    FrameSink sink =
        new FrameSink() {
          @Override
          public void send(Frame record) {
            found.add(record);
          }

          @Override
          public void flush(String streamId) {}
        };
    IngestSettings settings =
        IngestSettings.DEFAULT.with(
            new IngestSettings.Timing(
                false,
                Optional.empty(),
                1,
                frame.seconds(),
                OptionalDouble.empty(),
                OptionalLong.of(1)));
    try (Ingest ingest =
            new Ingest(
                settings, List.of(source), sink, InstantSource.system(), IngestListener.NONE);
        Thumbnails thumbnails = new Thumbnails()) {
      ingest.run();
      return found.stream().findFirst().flatMap(record -> thumbnails.jpeg(record, 0));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
