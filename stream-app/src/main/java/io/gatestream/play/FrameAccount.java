package io.gatestream.play;

import io.gatestream.schema.FrameLabel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Frames sent against frames accounted for, by stream: those with a label, and the duplicates,
 * skipped and rejected ones that the newest label tells of. Thread-safe.
 *
 * <p>Frames that were skipped or rejected after a stream's last label are in no label, so they stay
 * open here.
 */
public final class FrameAccount {
  private final Map<String, Stream> streams = new TreeMap<>();

  public synchronized void sent(String stream, long frames) {
    stream(stream).sent += frames;
  }

  public synchronized void labelled(FrameLabel label) {
    Stream stream = stream(label.getStreamId());
    stream.labels++;
    stream.dropped =
        Math.max(stream.dropped, label.getDuplicates() + label.getSkipped() + label.getRejected());
    stream.last = Math.max(stream.last, label.getSequence());
  }

  private Stream stream(String id) {
    return streams.computeIfAbsent(id, key -> new Stream());
  }

  /** Streams of which a frame was sent. */
  synchronized int streams() {
    return streams.size();
  }

  public synchronized long sent() {
    return streams.values().stream().mapToLong(stream -> stream.sent).sum();
  }

  /** Frames sent, by stream. */
  public synchronized Map<String, Long> sentByStream() {
    Map<String, Long> sent = new TreeMap<>();
    streams.forEach((id, stream) -> sent.put(id, stream.sent));
    return sent;
  }

  public synchronized long labels() {
    return streams.values().stream().mapToLong(stream -> stream.labels).sum();
  }

  /** Frames known to be duplicates, skipped or rejected. */
  public synchronized long dropped() {
    return streams.values().stream().mapToLong(stream -> stream.dropped).sum();
  }

  /** Frames sent that are not accounted for yet. */
  public synchronized long open() {
    return streams.values().stream().mapToLong(Stream::open).sum();
  }

  /** One sentence for each stream that has open frames. */
  public synchronized List<String> missing() {
    List<String> missing = new ArrayList<>();
    streams.forEach(
        (id, stream) -> {
          if (stream.open() > 0) {
            missing.add(
                "%s: %d of %d frames sent are neither labelled nor known as dropped; %s"
                    .formatted(
                        id,
                        stream.open(),
                        stream.sent,
                        stream.labels == 0
                            ? "no label at all"
                            : "last label: frame " + stream.last));
          }
        });
    return missing;
  }

  private static final class Stream {
    private long sent;
    private long labels;
    private long dropped;
    private long last = -1;

    private long open() {
      return Math.max(0, sent - labels - dropped);
    }
  }
}
