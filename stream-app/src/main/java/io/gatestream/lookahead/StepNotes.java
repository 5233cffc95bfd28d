package io.gatestream.lookahead;

import io.gatestream.model.RecurrentStep;
import io.gatestream.model.StepCall;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The steps that were made ahead for the pictures of one record. They live and end with the record
 * in its window, whose stream thread alone touches them.
 */
public final class StepNotes {
  private final List<@Nullable Note> notes = new ArrayList<>(1);
  private int count;

  /** A call that was made, and what it gave. */
  public record Note(StepCall call, RecurrentStep.Result result) {}

  /** The step of a picture; null where none was made or it was taken. */
  public @Nullable Note at(int picture) {
    return picture < notes.size() ? notes.get(picture) : null;
  }

  /** As {@link #at}, and lets go of it. */
  public @Nullable Note take(int picture) {
    Note note = at(picture);
    if (note != null) {
      notes.set(picture, null);
      count--;
    }
    return note;
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  /** Lets go of all. */
  public void clear() {
    notes.clear();
    count = 0;
  }

  /** Notes the step of a picture, in place of an earlier one. */
  public void put(int picture, Note note) {
    while (notes.size() <= picture) {
      notes.add(null);
    }
    if (notes.set(picture, note) == null) {
      count++;
    }
  }
}
