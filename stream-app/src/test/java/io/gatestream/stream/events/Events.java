package io.gatestream.stream.events;

import io.gatestream.stream.events.OpenEvent.First;
import io.gatestream.stream.events.OpenEvent.Moment;
import io.gatestream.stream.events.OpenEvent.Peak;
import io.gatestream.stream.events.OpenEvent.Phase;
import io.gatestream.stream.events.OpenEvent.Tally;
import io.gatestream.stream.events.StreamEvents.Silenced;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Events of streams for tests. */
public final class Events {
  private Events() {}

  /** Events of classes that are on, and of others that are not told yet or may only go on again. */
  public static StreamEvents open(List<String> on, List<String> others, Random random) {
    List<OpenEvent> open = new ArrayList<>();
    for (String label : on) {
      Phase phase = random.nextBoolean() ? Phase.ON : Phase.FALLING;
      open.add(event(label, random).in(phase).saidAt(1));
    }
    for (String label : others) {
      OpenEvent event = event(label, random);
      open.add(
          random.nextBoolean() ? event.in(Phase.GAP).saidAt(1) : event.saidAt(OpenEvent.NEVER));
    }
    return new StreamEvents(1, new float[0], open, List.of());
  }

  /** The same events each time: stored states of earlier versions have them. */
  public static StreamEvents stored() {
    Random random = new Random(1);
    List<OpenEvent> open =
        List.of(
            event("cat", random).saidAt(1), event("unannounced", random).saidAt(OpenEvent.NEVER));
    return new StreamEvents(1, new float[0], open, List.of());
  }

  /** One event that was announced, at some time after 1970. */
  public static StreamEvents announced(String label) {
    Moment moment = new Moment(1_000_000, 1_000_000);
    OpenEvent event =
        OpenEvent.rising(label, new First(1, 1, moment), 0.5f, "").in(Phase.ON).saidAt(1_000_000);
    return new StreamEvents(1, new float[] {0.5f}, List.of(event), List.of());
  }

  /** Whatever a state may hold. */
  public static StreamEvents any(Random random) {
    if (random.nextInt(4) == 0) {
      return StreamEvents.NONE;
    }
    List<OpenEvent> open = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      open.add(event("class-" + i + "-\u00fc", random));
    }
    List<Silenced> silenced = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      silenced.add(new Silenced("class-" + i, "id-" + random.nextInt()));
    }
    float[] scores = new float[random.nextInt(5)];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = random.nextFloat();
    }
    return new StreamEvents(random.nextLong() | 1, scores, open, silenced);
  }

  private static OpenEvent event(String label, Random random) {
    return new OpenEvent(
        label,
        List.of(Phase.values()).get(random.nextInt(Phase.values().length)),
        new First(random.nextLong(), random.nextLong(), moment(random)),
        moment(random),
        new Peak(random.nextFloat(), moment(random)),
        new Tally(random.nextLong(), random.nextDouble()),
        new Tally(random.nextInt(), random.nextDouble()),
        random.nextLong(),
        random.nextBoolean() ? OpenEvent.NEVER : random.nextLong(),
        random.nextBoolean() ? OpenEvent.NEVER : random.nextLong(),
        random.nextBoolean() ? "" : "id-" + random.nextInt());
  }

  private static Moment moment(Random random) {
    return new Moment(random.nextLong() >> random.nextInt(64), random.nextInt());
  }
}
