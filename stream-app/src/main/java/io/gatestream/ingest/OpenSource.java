package io.gatestream.ingest;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A source that is open: its payloads and what is known of it.
 *
 * @param payloads closed by whoever opened the source
 * @param live without an end
 * @param lengthMicros of the part that will be sent, where known
 * @param rate frames per second that will be sent, where known
 */
record OpenSource(
    PayloadSource payloads, boolean live, OptionalLong lengthMicros, OptionalDouble rate) {
  private static final long SEEK_FROM_MICROS = 2_000_000;

  /**
   * Opens a source.
   *
   * @param watch ends reads of a URL that hang; null for files
   * @param clock gives a live source its times
   * @param threads for the decoder
   * @throws SourceException it does not open, or cannot be sent as asked
   */
  static OpenSource open(
      VideoSource source,
      IngestSettings settings,
      @Nullable ReadWatch watch,
      LiveClock clock,
      int threads,
      Consumer<String> warnings)
      throws SourceException {
    IngestSettings.Pictures pictures = settings.pictures();
    IngestSettings.Timing timing = settings.timing();
    if (!source.images().isEmpty()) {
      double rate = pictures.rate().orElse(ImagePictures.STANDARD_RATE);
      long length = Math.round(source.images().size() * 1e6 / rate);
      PictureSource images = new ImagePictures(source.images(), rate);
      return new OpenSource(
          payloads(images, settings, Optional.empty(), warnings),
          false,
          OptionalLong.of(part(length, timing)),
          OptionalDouble.of(rate));
    }
    Demuxer demuxer = new Demuxer(source.place(), watch, clock);
    boolean live = demuxer.live();
    OptionalLong length =
        live || demuxer.lengthMicros().isEmpty()
            ? OptionalLong.empty()
            : OptionalLong.of(part(demuxer.lengthMicros().getAsLong(), timing));
    OptionalDouble rate = demuxer.rate();
    if (timing.fromMicros() > SEEK_FROM_MICROS && !live) {
      demuxer.seek(timing.fromMicros());
    }
    if (pictures.encoding() == IngestSettings.Encoding.H264) {
      boolean asIs = pictures.size().isEmpty() && pictures.rate().isEmpty();
      if (RemuxedPackets.takes(demuxer) && asIs) {
        int rotation = demuxer.rotation();
        if (rotation != 0) {
          warnings.accept(
              "must be turned by %d degrees, which segments cannot keep: labels see it as it lies; --encoding jpeg turns it"
                  .formatted(rotation));
        }
        return new OpenSource(
            segments(new RemuxedPackets(demuxer), settings, warnings), live, length, rate);
      }
      warnings.accept(
          asIs ? "is not H.264: encoded with OpenH264" : "is encoded anew, for --size or --fps");
    }
    PictureSource video = new VideoPictures(demuxer, threads);
    OptionalDouble sent =
        pictures.rate().isPresent()
            ? OptionalDouble.of(
                Math.min(pictures.rate().getAsDouble(), rate.orElse(Double.MAX_VALUE)))
            : rate;
    Optional<Thinning> thinning =
        pictures.rate().isEmpty()
            ? Optional.empty()
            : Optional.of(Thinning.to(pictures.rate().getAsDouble(), live));
    return new OpenSource(payloads(video, settings, thinning, warnings), live, length, sent);
  }

  private static PayloadSource payloads(
      PictureSource source,
      IngestSettings settings,
      Optional<Thinning> thinning,
      Consumer<String> warnings) {
    IngestSettings.Pictures pictures = settings.pictures();
    IngestSettings.Timing timing = settings.timing();
    boolean jpeg = pictures.encoding() == IngestSettings.Encoding.JPEG;
    PictureSource ready =
        new FilteredPictures(
            new TrimmedPictures(source, timing.fromMicros(), timing.toMicros()),
            pictures.size(),
            thinning,
            jpeg ? "bgr24" : "yuv420p",
            warnings);
    if (jpeg) {
      return new JpegPayloads(ready, pictures.quality());
    }
    long segmentMicros = Math.round(pictures.segmentSeconds() * 1e6);
    H264Packets packets = new EncodedPackets(ready, pictures.quality(), segmentMicros);
    return new SegmentPayloads(packets, segmentMicros, 0, Long.MAX_VALUE, warnings);
  }

  private static PayloadSource segments(
      H264Packets packets, IngestSettings settings, Consumer<String> warnings) {
    IngestSettings.Timing timing = settings.timing();
    if (timing.fromMicros() > 0 || timing.toSeconds().isPresent()) {
      warnings.accept("is trimmed at closed keyframes, for H.264 is passed on as it is");
    }
    return new SegmentPayloads(
        packets,
        Math.round(settings.pictures().segmentSeconds() * 1e6),
        timing.fromMicros(),
        timing.toMicros(),
        warnings);
  }

  private static long part(long length, IngestSettings.Timing timing) {
    return Math.max(0, Math.min(length, timing.toMicros()) - timing.fromMicros());
  }
}
