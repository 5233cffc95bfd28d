package io.gatestream.stream;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.decode.FrameDecoder;
import io.gatestream.frame.decode.PictureSink;
import io.gatestream.model.FrameEncoder;
import io.gatestream.model.RecurrentStep;
import io.gatestream.schema.Frame;
import io.gatestream.stream.state.StreamState;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Stages that throw at chosen frames of {@link TestTopology#frame}, whose grey tells the encoder
 * and whose feature tells the step which frame it is. Thread-safe.
 */
final class FaultyStages implements Stages {
  enum Stage {
    DECODE,
    ENCODE,
    STEP,
    PUT
  }

  /** A stage at a sequence. */
  record Place(Stage stage, long sequence) {}

  private final Map<Place, AtomicInteger> left = new ConcurrentHashMap<>();
  private final Map<Long, float[]> features = new ConcurrentHashMap<>();
  private final Set<Thread> streamThreads = ConcurrentHashMap.newKeySet();

  /** Has the stage throw at the frame, so many times. */
  FaultyStages fault(Stage stage, long sequence, int times) {
    left.put(new Place(stage, sequence), new AtomicInteger(times));
    return this;
  }

  /** Faults that were asked for and have not come. */
  Map<Place, AtomicInteger> outstanding() {
    left.values().removeIf(times -> times.get() == 0);
    return left;
  }

  /** How many threads have run the step. */
  int streamThreads() {
    return streamThreads.size();
  }

  private void pass(Stage stage, long sequence) {
    AtomicInteger times = left.get(new Place(stage, sequence));
    if (times != null && times.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      throw new IllegalStateException("injected into " + stage);
    }
  }

  private static byte grey(long sequence) {
    return TestTopology.frame(0, sequence, 0).getPayload().get(0);
  }

  @Override
  public FrameDecoder decoder(FrameDecoder real) {
    return new FrameDecoder() {
      @Override
      public void decode(Frame frame, PictureSink sink) throws FrameDecodeException {
        pass(Stage.DECODE, frame.getSequence());
        real.decode(frame, sink);
      }

      @Override
      public void close() {
        real.close();
      }
    };
  }

  @Override
  public FrameEncoder encoder(FrameEncoder real) {
    return new FrameEncoder() {
      @Override
      public int featureSize() {
        return real.featureSize();
      }

      @Override
      public int maxBatch() {
        return real.maxBatch();
      }

      @Override
      public int callers() {
        return real.callers();
      }

      @Override
      public float[][] encode(ByteBuffer pixels, int batch) {
        byte grey = pixels.get(0);
        for (Place place : left.keySet()) {
          if (grey(place.sequence()) == grey) {
            pass(Stage.ENCODE, place.sequence());
            features.put(place.sequence(), real.encode(pixels, batch)[0]);
          }
        }
        return real.encode(pixels, batch);
      }

      @Override
      public void close() {
        real.close();
      }
    };
  }

  @Override
  public RecurrentStep step(RecurrentStep real) {
    return new RecurrentStep() {
      @Override
      public float[][] initialState() {
        return real.initialState();
      }

      @Override
      public Result step(float[] feature, float[][] state, float elapsed, float[] auxiliary) {
        streamThreads.add(Thread.currentThread());
        features.forEach(
            (sequence, known) -> {
              if (Arrays.equals(known, feature)) {
                pass(Stage.STEP, sequence);
              }
            });
        return real.step(feature, state, elapsed, auxiliary);
      }

      @Override
      public void close() {
        real.close();
      }
    };
  }

  @Override
  public Serde<StreamState> states(Serde<StreamState> real) {
    return new Serde<>() {
      @Override
      public Serializer<StreamState> serializer() {
        return (topic, state) -> {
          if (state != null) {
            pass(Stage.PUT, state.progress().lastSequence());
          }
          return real.serializer().serialize(topic, state);
        };
      }

      @Override
      public Deserializer<StreamState> deserializer() {
        return real.deserializer();
      }
    };
  }
}
