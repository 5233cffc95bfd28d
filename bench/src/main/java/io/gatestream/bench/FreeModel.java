package io.gatestream.bench;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.Micros;
import io.gatestream.frame.decode.FrameDecoder;
import io.gatestream.frame.decode.PictureSink;
import io.gatestream.model.FrameEncoder;
import io.gatestream.model.RecurrentStep;
import io.gatestream.schema.Frame;
import io.gatestream.stream.Stages;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A model that costs nothing: no picture is decoded, every picture has the same features, and every
 * step gives what the real one gave the first time. Sizes of features, states and logits are real.
 */
final class FreeModel implements Stages {
  @Override
  public FrameDecoder decoder(FrameDecoder real) {
    return new Decoder(real);
  }

  @Override
  public FrameEncoder encoder(FrameEncoder real) {
    return new Encoder(real);
  }

  @Override
  public RecurrentStep step(RecurrentStep real) {
    return new Step(real);
  }

  /** For records of one picture. */
  private record Decoder(FrameDecoder real) implements FrameDecoder {
    @Override
    public void decode(Frame frame, PictureSink sink) throws FrameDecodeException {
      if (sink.place(0, Micros.of(frame.getCaptureTime()), frame.getSourceTime()).isPresent()) {
        sink.filled(0);
      }
    }

    @Override
    public void close() {
      real.close();
    }
  }

  private static final class Encoder implements FrameEncoder {
    private final FrameEncoder real;
    private final float[] features;

    Encoder(FrameEncoder real) {
      this.real = real;
      this.features = new float[real.featureSize()];
    }

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
      float[][] all = new float[batch][];
      Arrays.fill(all, features); // nobody changes it
      return all;
    }

    @Override
    public void close() {
      real.close();
    }
  }

  private static final class Step implements RecurrentStep {
    private final RecurrentStep real;
    private volatile @Nullable Result always;

    Step(RecurrentStep real) {
      this.real = real;
    }

    @Override
    public float[][] initialState() {
      return real.initialState();
    }

    @Override
    public Result step(float[] features, float[][] state, float elapsed, float[] auxiliary) {
      Result result = always;
      if (result == null) {
        result = real.step(features, state, elapsed, auxiliary);
        always = result;
      }
      return result;
    }

    @Override
    public void close() {
      real.close();
    }
  }
}
