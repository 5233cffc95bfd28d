package io.gatestream.stream;

import io.gatestream.frame.decode.FrameDecoder;
import io.gatestream.model.FrameEncoder;
import io.gatestream.model.RecurrentStep;
import io.gatestream.stream.state.StreamState;
import java.util.ServiceLoader;
import org.apache.kafka.common.serialization.Serde;

/**
 * Where something may stand before the parts of the way of a frame; tests put faults there. Called
 * while the application is opened, but {@link #decoder}, which worker and stream threads call.
 */
public interface Stages {
  /** Those of a service that {@link ServiceLoader} finds; the product has none. */
  Stages REAL =
      ServiceLoader.load(Stages.class, Stages.class.getClassLoader())
          .findFirst()
          .orElseGet(() -> new Stages() {});

  default FrameDecoder decoder(FrameDecoder real) {
    return real;
  }

  default FrameEncoder encoder(FrameEncoder real) {
    return real;
  }

  default RecurrentStep step(RecurrentStep real) {
    return real;
  }

  /** What the store puts goes through the serializer on the stream thread. */
  default Serde<StreamState> states(Serde<StreamState> real) {
    return real;
  }
}
