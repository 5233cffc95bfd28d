package io.gatestream.stream.steps;

import io.gatestream.frame.Micros;
import io.gatestream.lookahead.PictureFilter;
import io.gatestream.schema.Frame;
import io.gatestream.schema.Reset;
import io.gatestream.stream.policy.Decision;
import io.gatestream.stream.policy.StreamPolicy;
import io.gatestream.stream.policy.StreamProgress;
import java.util.ArrayList;
import java.util.List;

/**
 * What the stream policy says of the pictures of one record, each decided on once and in order,
 * whoever asks first: the decoder that wants to know which pictures to encode, or the step. Used by
 * one thread.
 */
final class PictureDecisions implements PictureFilter {
  private final StreamPolicy policy;
  private final long session;
  private final long firstSequence;
  private final List<Decision> made = new ArrayList<>();
  private StreamProgress progress;

  /**
   * Begins before the first picture.
   *
   * @param progress of a stream that lets the record in
   */
  PictureDecisions(StreamPolicy policy, Frame frame, StreamProgress progress) {
    this.policy = policy;
    this.session = Micros.of(frame.getSession());
    this.firstSequence = frame.getSequence();
    this.progress = progress;
  }

  @Override
  public boolean wants(int index, long captureTime) {
    return of(index, captureTime) instanceof Decision.Step;
  }

  /**
   * The decision on a picture; that on the one before is made already.
   *
   * @param captureTime the picture's, in microseconds: the same whenever it is asked for
   */
  Decision of(int picture, long captureTime) {
    if (picture == made.size()) {
      Decision decision = policy.decide(progress, session, firstSequence + picture, captureTime);
      progress = decision.after();
      made.add(decision);
    }
    return made.get(picture);
  }

  /**
   * Has a picture be the first of its stream's state, which was not finite. Nobody knows that
   * before the step has run, so the pictures behind it are decided on again: which of them are
   * labelled stays as it was, for that depends on times and sequences alone, but they count the
   * frames since the reset from here.
   */
  Decision.Step beginAnew(int picture, Decision.Step decided) {
    Decision.Step anew =
        new Decision.Step(Reset.NON_FINITE_STATE, 0, decided.after().asFirstSinceReset());
    made.subList(picture, made.size()).clear();
    made.add(anew);
    progress = anew.after();
    return anew;
  }
}
