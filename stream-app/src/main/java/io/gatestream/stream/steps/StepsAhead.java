package io.gatestream.stream.steps;

import io.gatestream.lookahead.FeatureSource;
import io.gatestream.lookahead.StepNotes;
import io.gatestream.lookahead.UpcomingRecord;
import io.gatestream.model.RecurrentStep;
import io.gatestream.model.StepCall;
import io.gatestream.stream.state.StreamState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Steps streams of one stream thread together. Where the processor needs a step that is not made
 * yet, the next steps of other streams whose features are ready go into the same call of the model:
 * a wave. Their results wait with their records. The next wave goes on from the states that this
 * one gave.
 *
 * <p>It may change speed, never results. A step is a function of its call, and the processor takes
 * a result only for the very call that it would make itself ({@link StepCall#from}): the same
 * feature array, the same state arrays, which it has put or loaded in this life of the task, the
 * same elapsed time and side features. Whatever was guessed wrong on the way is a call that nobody
 * makes.
 *
 * <p>One for each stream thread, which alone uses it; so no state is read or written elsewhere.
 */
public final class StepsAhead {
  /** Records that a wave looks at, for each stream that it has room for. */
  private static final int LOOKED_AT = 4;

  /**
   * How long one wave waits for pictures at most. It bounds what a pass may take for the sake of
   * others, and how long a frame waits for slower ones; no label depends on it.
   */
  private static final long LONGEST_WAIT_NANOS = 50_000_000;

  /** What the results ahead of one stream thread may take together, unless two waves are more. */
  public static final long NOTED_BYTES = 4 << 20;

  private final FeatureSource features;
  private final RecurrentStep step;
  private final RecordRules rules;
  private final StepMeters meters;
  private final int most;
  private final int mostNoted;
  private final Map<Integer, Seeds> seeds = new ConcurrentHashMap<>();
  private final Map<StreamOfTask, StreamCursor> cursors = new HashMap<>();

  /** A stream of a partition. */
  private record StreamOfTask(int partition, Bytes key) {
    static StreamOfTask of(UpcomingRecord record) {
      return new StreamOfTask(record.partition().partition(), record.key());
    }
  }

  /** A stream's part of a wave. */
  private record Part(StreamCursor cursor, StepCall call) {}

  /** The states of one task. */
  public interface Seeds {
    /** The state of a stream as the store has it now; null where it may not go on. */
    @Nullable StreamState seed(Bytes key);
  }

  /**
   * Creates it.
   *
   * @param most streams of one call
   */
  StepsAhead(
      FeatureSource features, RecurrentStep step, RecordRules rules, int most, StepMeters meters) {
    this.features = features;
    this.step = step;
    this.rules = rules;
    this.meters = meters;
    this.most = most;
    this.mostNoted = mostNoted(most, step.initialState());
  }

  /** Steps that may be made ahead and not taken yet: two waves, or more where states are small. */
  static int mostNoted(int batch, float[][] state) {
    long bytes = 1_024; // of the note itself, its call and its logits
    for (float[] tensor : state) {
      bytes += (long) Float.BYTES * tensor.length;
    }
    return (int) Math.max(2L * batch, NOTED_BYTES / bytes);
  }

  /** A task of this thread begins: its streams join waves. */
  public void join(int partition, Seeds states) {
    seeds.put(partition, states);
  }

  /** A task ends: what was guessed of its streams is forgotten. */
  public void leave(int partition) {
    seeds.remove(partition);
    cursors.keySet().removeIf(stream -> stream.partition == partition);
  }

  /**
   * Makes a step of a stream's current record, or takes it from what was made ahead.
   *
   * @param noted what was made ahead for this picture; null where nothing was
   */
  public RecurrentStep.Result step(
      int partition, Bytes key, StepCall call, StepNotes.@Nullable Note noted) {
    StepCall.Difference difference =
        noted == null ? StepCall.Difference.NONE : call.from(noted.call());
    if (noted != null && difference == StepCall.Difference.NONE) {
      meters.taken();
      return noted.result();
    }
    meters.missed(difference);
    StreamOfTask stream = new StreamOfTask(partition, key);
    if (noted != null) {
      forget(stream);
    }
    List<Part> wave = most == 1 ? List.of() : gather(stream, upcoming());
    meters.made(noted == null, wave.size() + 1);
    if (wave.isEmpty()) {
      return step.step(call.features(), call.state(), call.elapsed(), call.auxiliary());
    }
    List<StepCall> calls = new ArrayList<>(wave.size() + 1);
    calls.add(call);
    wave.forEach(part -> calls.add(part.call));
    List<RecurrentStep.Result> results = step.step(calls);
    for (int i = 0; i < wave.size(); i++) {
      Part part = wave.get(i);
      part.cursor.stepped(part.call, results.get(i + 1));
    }
    return results.get(0);
  }

  private List<UpcomingRecord> upcoming() {
    List<UpcomingRecord> records = new ArrayList<>();
    features.upcoming(LOOKED_AT * most).forEachRemaining(records::add);
    return records;
  }

  /** The stream went another way than was guessed: what is noted for it is of no use. */
  private void forget(StreamOfTask stream) {
    for (UpcomingRecord record : upcoming()) {
      if (stream.equals(StreamOfTask.of(record))) {
        record.notes().clear();
      }
    }
  }

  /**
   * The next steps of other streams, those whose features are ready first. Where they do not fill
   * the wave it waits a little for pictures that workers are at or will be: they are polled
   * already.
   */
  private List<Part> gather(StreamOfTask first, List<UpcomingRecord> upcoming) {
    int noted = keepCursorsOfNotes(first, upcoming);
    int size = Math.min(most - 1, mostNoted - noted);
    List<Part> wave = new ArrayList<>();
    Map<StreamCursor, UpcomingRecord> unready = new LinkedHashMap<>();
    Set<StreamOfTask> done = new HashSet<>(Set.of(first));
    Iterator<UpcomingRecord> records = upcoming.iterator();
    while (records.hasNext() && wave.size() < size) {
      UpcomingRecord record = records.next();
      StreamOfTask stream = StreamOfTask.of(record);
      StreamCursor cursor = done.contains(stream) ? null : cursor(stream);
      if (cursor == null || cursor.isStuck()) {
        done.add(stream);
      } else if (!cursor.hasPassed(record.offset())) {
        if (!record.isReady()) {
          unready.put(cursor, record);
          done.add(stream);
        } else if (join(wave, cursor, record) || cursor.isStuck()) {
          done.add(stream);
        }
      }
    }
    joinLate(wave, size, unready);
    return wave;
  }

  /**
   * Keeps those cursors that are ahead of the processor, by what is noted; the others begin anew
   * from the state that the processor has.
   *
   * @return how many steps are noted
   */
  private int keepCursorsOfNotes(StreamOfTask first, List<UpcomingRecord> upcoming) {
    Set<StreamOfTask> ahead = new HashSet<>();
    int noted = 0;
    for (UpcomingRecord record : upcoming) {
      if (record.notes().count() > 0) {
        noted += record.notes().count();
        ahead.add(StreamOfTask.of(record));
      }
    }
    ahead.remove(first);
    cursors.keySet().retainAll(ahead);
    return noted;
  }

  private void joinLate(List<Part> wave, int size, Map<StreamCursor, UpcomingRecord> unready) {
    long end = System.nanoTime() + LONGEST_WAIT_NANOS;
    for (Map.Entry<StreamCursor, UpcomingRecord> late : unready.entrySet()) {
      UpcomingRecord record = late.getValue();
      if (wave.size() < size
          && record.isPicture()
          && features.awaitReady(record, end - System.nanoTime())) {
        join(wave, late.getKey(), record);
      }
    }
  }

  /** Has a stream join with the next step of a record; false where the record has none. */
  private static boolean join(List<Part> wave, StreamCursor cursor, UpcomingRecord record) {
    StepCall call = cursor.next(record);
    if (call != null) {
      wave.add(new Part(cursor, call));
    }
    return call != null;
  }

  private @Nullable StreamCursor cursor(StreamOfTask stream) {
    StreamCursor known = cursors.get(stream);
    Seeds states = seeds.get(stream.partition);
    if (known != null || states == null) {
      return known;
    }
    StreamState seed = states.seed(stream.key);
    if (seed == null) {
      return null;
    }
    StreamCursor cursor = new StreamCursor(rules, seed);
    cursors.put(stream, cursor);
    return cursor;
  }
}
