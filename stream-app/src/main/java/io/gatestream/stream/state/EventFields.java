package io.gatestream.stream.state;

import io.gatestream.frame.ValueDecoder;
import io.gatestream.frame.ValueWriter;
import io.gatestream.stream.events.OpenEvent;
import io.gatestream.stream.events.OpenEvent.First;
import io.gatestream.stream.events.OpenEvent.Moment;
import io.gatestream.stream.events.OpenEvent.Peak;
import io.gatestream.stream.events.OpenEvent.Phase;
import io.gatestream.stream.events.OpenEvent.Tally;
import io.gatestream.stream.events.StreamEvents;
import io.gatestream.stream.events.StreamEvents.Silenced;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The fields of a stored state that are about events, in the order of the schema. */
final class EventFields {
  private EventFields() {}

  static void write(StreamEvents events, ValueWriter out) {
    out.number(events.classes());
    out.floats(events.scores());
    out.beginArray(events.open().size());
    for (OpenEvent event : events.open()) {
      write(event, out);
    }
    out.endArray();
    out.beginArray(events.silenced().size());
    for (Silenced event : events.silenced()) {
      out.string(event.label());
      out.string(event.eventId());
    }
    out.endArray();
  }

  private static void write(OpenEvent event, ValueWriter out) {
    out.string(event.label());
    out.number(event.phase().number());
    out.number(event.first().session());
    out.number(event.first().sequence());
    write(event.first().at(), out);
    write(event.last(), out);
    write(event.peak().at(), out);
    out.float32(event.peak().score());
    out.float64(event.counted().sum());
    out.number(event.counted().frames());
    out.float64(event.tail().sum());
    out.number(event.tail().frames());
    out.number(event.since());
    out.number(event.again());
    out.number(event.said());
    out.string(event.continues());
  }

  private static void write(Moment moment, ValueWriter out) {
    out.number(moment.captureTime());
    out.number(moment.sourceTime());
  }

  static StreamEvents read(ValueDecoder in) throws IOException {
    long classes = in.readLong();
    float[] scores = in.readFloats();
    List<OpenEvent> open = new ArrayList<>(0);
    for (long items = in.readArrayStart(); items > 0; items = in.arrayNext()) {
      for (long i = 0; i < items; i++) {
        open.add(readEvent(in));
      }
    }
    List<Silenced> silenced = new ArrayList<>(0);
    for (long items = in.readArrayStart(); items > 0; items = in.arrayNext()) {
      for (long i = 0; i < items; i++) {
        silenced.add(new Silenced(in.readString(), in.readString()));
      }
    }
    return classes == 0 ? StreamEvents.NONE : new StreamEvents(classes, scores, open, silenced);
  }

  private static OpenEvent readEvent(ValueDecoder in) throws IOException {
    String label = in.readString();
    Phase phase = phase(in.readInt());
    First first = new First(in.readLong(), in.readLong(), readMoment(in));
    Moment last = readMoment(in);
    Moment peak = readMoment(in);
    float score = in.readFloat();
    double sum = in.readDouble();
    Tally counted = new Tally(in.readLong(), sum);
    double tailSum = in.readDouble();
    Tally tail = new Tally(in.readLong(), tailSum);
    return new OpenEvent(
        label,
        phase,
        first,
        last,
        new Peak(score, peak),
        counted,
        tail,
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readString());
  }

  private static Phase phase(int number) throws IOException {
    for (Phase phase : Phase.values()) {
      if (phase.number() == number) {
        return phase;
      }
    }
    throw new IOException("event phase " + number);
  }

  private static Moment readMoment(ValueDecoder in) throws IOException {
    return new Moment(in.readLong(), in.readLong());
  }
}
