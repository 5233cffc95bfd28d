package io.gatestream.stream;

import io.gatestream.frame.decode.FrameDecoder;
import io.gatestream.model.FrameEncoder;
import io.gatestream.model.RecurrentStep;
import io.gatestream.stream.state.StreamState;
import org.apache.kafka.common.serialization.Serde;

/**
 * Where something may stand before the parts of the way of a frame. {@link #REAL} puts nothing
 * there; tests put faults there. Called while the application is opened, but {@link #decoder},
 * which worker and stream threads call.
 */
public interface Stages {
  /** Nothing stands before anything, but the slow step where a test asks for it. */
  Stages REAL =
      new Stages() {
        @Override
        public RecurrentStep step(RecurrentStep real) {
          return SlowStep.MILLIS
              .map(millis -> (RecurrentStep) new SlowStep(millis, real))
              .orElse(real);
        }
      };

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
