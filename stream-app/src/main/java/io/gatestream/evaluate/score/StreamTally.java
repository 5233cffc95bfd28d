package io.gatestream.evaluate.score;

import java.util.List;

/** All that the metrics need of one stream but its ranked scores. Immutable. */
final class StreamTally {
  final FrameTally frames;
  final ReliabilityTally reliability;
  final double[] segmentF1 = new double[SegmentMatch.OVERLAPS.length];
  final double edit;
  final StartMatch starts;
  final OnlineTally online;

  StreamTally(AlignedStream stream) {
    List<Segment> predicted = stream.predictedSegments();
    List<Segment> trueStretches = stream.trueStretches();
    SegmentMatch segments = new SegmentMatch(stream.trueSegments(), predicted);
    frames = FrameTally.of(stream);
    reliability = ReliabilityTally.of(stream);
    for (int i = 0; i < segmentF1.length; i++) {
      segmentF1[i] = segments.f1(SegmentMatch.OVERLAPS[i]);
    }
    edit = segments.edit();
    starts = StartMatch.of(stream, trueStretches, predicted);
    online = OnlineTally.of(stream, trueStretches, predicted);
  }
}
