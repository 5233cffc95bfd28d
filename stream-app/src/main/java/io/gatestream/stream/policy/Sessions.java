package io.gatestream.stream.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a stream remembers of its producers' runs, besides where the present one is: what {@link
 * SessionPolicy} tells a repeated frame, a producer that lives on and a new one by. Immutable and
 * small: it is written with every frame.
 *
 * @param firstSequence of the present run
 * @param left runs that the stream has gone on from, the last one first
 * @param contender that may take the stream over
 * @param returns how often that has happened since a session that was new
 */
public record Sessions(
    long firstSequence, List<SessionRun> left, @Nullable Contender contender, int returns) {
  /** Runs that are remembered at most. */
  public static final int MOST_LEFT = 4;

  public static final Sessions NONE = startingAt(0);

  public Sessions {
    left = List.copyOf(left);
  }

  static Sessions startingAt(long firstSequence) {
    return new Sessions(firstSequence, List.of(), null, 0);
  }

  /** The last run of another session than the present one. */
  @Nullable SessionRun of(long session) {
    for (SessionRun run : left) {
      if (run.session() == session) {
        return run;
      }
    }
    return null;
  }

  /** The run of the present session that was left though its sequences are higher. */
  @Nullable SessionRun above(long session, long lastSequence) {
    for (SessionRun run : left) {
      if (run.session() == session && run.lastSequence() > lastSequence) {
        return run;
      }
    }
    return null;
  }

  /** The run of the present session that came before the present one. */
  @Nullable SessionRun below(long session) {
    for (SessionRun run : left) {
      if (run.session() == session && run.lastSequence() < firstSequence) {
        return run;
      }
    }
    return null;
  }

  Sessions with(@Nullable Contender other) {
    return new Sessions(firstSequence, left, other, returns);
  }

  /**
   * After the beginning of another run, in the same session or not.
   *
   * @param ended the run before it
   */
  Sessions next(SessionRun ended, long session, long sequence) {
    boolean same = session == ended.session();
    return new Sessions(
        sequence,
        remembered(ended, run -> same && run.lastSequence() > sequence),
        null,
        same ? returns : 0);
  }

  /** After a contender has taken the stream over. */
  Sessions returned(SessionRun ended, long session, long sequence) {
    List<SessionRun> runs = new ArrayList<>(remembered(ended, run -> false));
    runs.removeIf(run -> run.session() == session && session != ended.session());
    return new Sessions(sequence, runs, null, returns + 1);
  }

  /** A run more, and of its session no other ones but those to be kept. */
  private List<SessionRun> remembered(SessionRun ended, Predicate<SessionRun> kept) {
    return Stream.concat(
            Stream.of(ended),
            left.stream().filter(run -> run.session() != ended.session() || kept.test(run)))
        .limit(MOST_LEFT)
        .toList();
  }
}
