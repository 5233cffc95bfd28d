package io.gatestream.evaluate;

import io.gatestream.config.KafkaAccess;
import io.gatestream.evaluate.score.Mistake;
import io.gatestream.frame.decode.Thumbnails;
import io.gatestream.labels.FrameFinder;
import java.util.Optional;

/** Pictures from a frames topic. */
final class TopicPictures implements FramePictures {
  private final KafkaAccess access;
  private final String topic;

  TopicPictures(KafkaAccess access, String topic) {
    this.access = access;
    this.topic = topic;
  }

  @Override
  public Optional<byte[]> jpeg(String stream, Mistake frame) {
    try (FrameFinder finder = FrameFinder.open(access, topic);
        Thumbnails thumbnails = new Thumbnails()) {
      return finder
          .find(stream, frame.sequence(), frame.captureTime())
          .flatMap(record -> thumbnails.jpeg(record, frame.sequence() - record.getSequence()));
    }
  }
}
