package io.gatestream.stream.steps;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.lookahead.StepNotes;
import io.gatestream.lookahead.UpcomingRecord;
import io.gatestream.model.RecurrentStep;
import io.gatestream.model.StepCall;
import io.gatestream.stream.state.StreamState;
import org.jspecify.annotations.Nullable;

/**
 * How far one stream has been stepped ahead of its processor: the state that the processor will
 * reach if nothing unforeseen comes. Used by one stream thread.
 */
final class StreamCursor {
  private final RecordRules rules;
  private StreamState state;
  private long passed = -1;
  private boolean stuck;
  private @Nullable UpcomingRecord record;
  private @Nullable RecordCourse course;

  /** Begins at a state that the processor has put or loaded. */
  StreamCursor(RecordRules rules, StreamState seed) {
    this.rules = rules;
    this.state = seed;
  }

  /** Whether the processor has to go on alone. */
  boolean isStuck() {
    return stuck;
  }

  /** Whether it is behind the record at an offset. */
  boolean hasPassed(long offset) {
    return offset <= passed;
  }

  /**
   * Goes on in a record, which is ready, over pictures that need no step or have theirs noted.
   *
   * @return the next step that is not made yet; null where the record has none and is passed, or
   *     where the stream {@link #isStuck}
   */
  @Nullable StepCall next(UpcomingRecord upcoming) {
    StreamState before = state;
    try {
      RecordCourse at = course;
      if (at == null || record != upcoming) {
        before = rules.at(state, upcoming.offset());
        at =
            new RecordCourse(
                rules, upcoming.key().get(), upcoming.frame(), upcoming, before, false);
        course = at;
        record = upcoming;
      }
      for (StepCall call = at.next(); call != null; call = at.next()) {
        StepNotes.Note note = upcoming.notes().at(at.picture());
        if (note == null || !note.call().isSame(call)) {
          return call;
        }
        at.stepped(note.result());
      }
      pass(upcoming, at.state());
    } catch (RuntimeException e) {
      stuck = true; // it fails again at the record's own turn, where it counts
    } catch (FrameDecodeException bad) {
      pass(upcoming, state); // rejected as a whole: its tensors stay as they were
    }
    return null;
  }

  /** Notes what the step gave that {@link #next} asked for, and goes on behind it. */
  void stepped(StepCall call, RecurrentStep.Result result) {
    UpcomingRecord upcoming = record;
    RecordCourse at = course;
    if (upcoming == null || at == null) {
      throw new IllegalStateException("no step was asked for");
    }
    upcoming.notes().put(at.picture(), new StepNotes.Note(call, result));
    // at once: the processor may have passed the record before anybody asks again
    next(upcoming);
  }

  private void pass(UpcomingRecord upcoming, StreamState after) {
    state = after;
    passed = upcoming.offset();
    record = null;
    course = null;
  }
}
