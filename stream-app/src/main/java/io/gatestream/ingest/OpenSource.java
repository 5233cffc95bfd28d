package io.gatestream.ingest;

import java.util.Locale;
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
   * What a source is opened with.
   *
   * @param watch ends reads of a URL that hang; null for files
   * @param clock gives a live source its times
   * @param threads for the decoder
   */
  record Means(
      IngestSettings settings,
      @Nullable ReadWatch watch,
      LiveClock clock,
      int threads,
      Damage damage,
      Consumer<String> warnings) {}

  /**
   * Opens a source.
   *
   * @throws SourceException it does not open, or cannot be sent as asked
   */
  static OpenSource open(VideoSource source, Means means) throws SourceException {
    IngestSettings.Pictures pictures = means.settings().pictures();
    IngestSettings.Timing timing = means.settings().timing();
    if (!source.images().isEmpty()) {
      double rate = pictures.rate().orElse(PictureSource.STANDARD_RATE);
      long length = Math.round(source.images().size() * 1e6 / rate);
      PictureSource images = new ImagePictures(source.images(), rate, means.damage());
      return new OpenSource(
          payloads(images, means, Optional.empty(), false),
          false,
          OptionalLong.of(part(length, timing)),
          OptionalDouble.of(rate));
    }
    Demuxer demuxer = new Demuxer(source.place(), means.watch(), means.clock(), means.damage());
    boolean live = demuxer.live();
    ReadWatch watch = means.watch();
    if (demuxer.location().url() && demuxer.still() && watch != null) {
      demuxer.close();
      return snapshots(source, means, watch);
    }
    OptionalLong length =
        live || demuxer.lengthMicros().isEmpty()
            ? OptionalLong.empty()
            : OptionalLong.of(part(demuxer.lengthMicros().getAsLong(), timing));
    OptionalDouble rate = demuxer.rate();
    sayOffset(demuxer, means);
    if (timing.fromMicros() > SEEK_FROM_MICROS && !live) {
      demuxer.seek(timing.fromMicros());
    }
    if (pictures.encoding() == IngestSettings.Encoding.H264) {
      boolean asIs = pictures.size().isEmpty() && pictures.rate().isEmpty();
      if (RemuxedPackets.takes(demuxer) && asIs) {
        return new OpenSource(segments(demuxer, means), live, length, rate);
      }
      means
          .warnings()
          .accept(
              asIs
                  ? "is not H.264: encoded with OpenH264"
                  : "is encoded anew, for --size or --fps");
    }
    PictureSource video = new VideoPictures(demuxer, means.threads(), means.damage());
    if (!live) {
      video = new SteadyPictures(video, means.damage());
    }
    OptionalDouble sent =
        pictures.rate().isPresent()
            ? OptionalDouble.of(
                Math.min(pictures.rate().getAsDouble(), rate.orElse(Double.MAX_VALUE)))
            : rate;
    Optional<Thinning> thinning =
        pictures.rate().isEmpty()
            ? Optional.empty()
            : Optional.of(
                live
                    ? new LiveThinning(pictures.rate().getAsDouble())
                    : new RateThinning(pictures.rate().getAsDouble()));
    return new OpenSource(payloads(video, means, thinning, live), live, length, sent);
  }

  /** A picture that is there once is fetched as often as asked. */
  private static OpenSource snapshots(VideoSource source, Means means, ReadWatch watch)
      throws SourceException {
    double rate = means.settings().pictures().rate().orElse(SnapshotPictures.STANDARD_RATE);
    means
        .warnings()
        .accept(
            String.format(
                Locale.ROOT, "is a single picture: fetched %s times a second (--fps)", rate));
    PictureSource pictures =
        new SnapshotPictures(
            () -> new VideoPictures(new Demuxer(source.place(), watch), 1),
            rate,
            means.clock(),
            watch::stopped);
    return new OpenSource(
        payloads(pictures, means, Optional.empty(), true),
        true,
        OptionalLong.empty(),
        OptionalDouble.of(rate));
  }

  private static void sayOffset(Demuxer demuxer, Means means) {
    long offset = demuxer.offsetMicros();
    if (offset >= Math.round(1e6 / demuxer.rate().orElse(PictureSource.STANDARD_RATE))) {
      means
          .warnings()
          .accept(
              String.format(
                  Locale.ROOT,
                  "has pictures from %.3f s on: source times count from the file's start, as players do",
                  offset / 1e6));
    }
  }

  private static PayloadSource payloads(
      PictureSource source, Means means, Optional<Thinning> thinning, boolean live) {
    IngestSettings.Pictures pictures = means.settings().pictures();
    IngestSettings.Timing timing = means.settings().timing();
    boolean jpeg = pictures.encoding() == IngestSettings.Encoding.JPEG;
    PictureSource ready =
        new FilteredPictures(
            new TrimmedPictures(source, timing.fromMicros(), timing.toMicros()),
            pictures.size(),
            thinning,
            jpeg ? "bgr24" : "yuv420p",
            means.warnings());
    if (jpeg) {
      return new JpegPayloads(ready, pictures.quality());
    }
    long segmentMicros = Math.round(pictures.segmentSeconds() * 1e6);
    SegmentLimits limits = SegmentLimits.of(means.settings(), live);
    return new SegmentPayloads(
        new EncodedPackets(ready, pictures.quality(), segmentMicros, limits),
        new SegmentPayloads.Span(segmentMicros, 0, Long.MAX_VALUE),
        limits,
        (first, packets) -> {
          first.forEach(packet -> org.bytedeco.ffmpeg.global.avcodec.av_packet_free(packet));
          packets.close();
          throw new SourceException(
              "a picture encoded as H.264 is larger than the topic takes: lower --quality or --size");
        },
        means.damage(),
        means.warnings());
  }

  /** Takes the demuxer over, also when it throws. */
  private static PayloadSource segments(Demuxer demuxer, Means means) throws SourceException {
    IngestSettings.Timing timing = means.settings().timing();
    int rotation = demuxer.rotation();
    if (rotation != 0) {
      means
          .warnings()
          .accept(
              "must be turned by %d degrees, which segments cannot keep: labels see it as it lies; --encoding jpeg turns it"
                  .formatted(rotation));
    }
    if (timing.fromMicros() > 0 || timing.toSeconds().isPresent()) {
      means.warnings().accept("is trimmed at closed keyframes, for H.264 is passed on as it is");
    }
    boolean live = demuxer.live();
    long interval = Math.round(1e6 / demuxer.rate().orElse(PictureSource.STANDARD_RATE));
    H264Packets packets =
        new TimedPackets(
            new RemuxedPackets(demuxer, means.damage()),
            interval,
            live ? null : new SourceTimeline(interval, means.damage()));
    return new SegmentPayloads(
        packets,
        new SegmentPayloads.Span(
            Math.round(means.settings().pictures().segmentSeconds() * 1e6),
            timing.fromMicros(),
            timing.toMicros()),
        SegmentLimits.of(means.settings(), live),
        (first, rest) -> {
          CutPackets cut = new CutPackets(demuxer, rest, first);
          return payloads(
              new VideoPictures(cut, means.threads(), means.damage()),
              means,
              Optional.empty(),
              live);
        },
        means.damage(),
        means.warnings());
  }

  private static long part(long length, IngestSettings.Timing timing) {
    return Math.max(0, Math.min(length, timing.toMicros()) - timing.fromMicros());
  }
}
