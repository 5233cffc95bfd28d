package io.gatestream.bench;

import io.gatestream.config.Provider;
import io.gatestream.config.RunConfig;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.InputSpec;
import io.gatestream.frame.decode.FrameDecoder;
import io.gatestream.frame.decode.PictureDecoders;
import io.gatestream.frame.decode.PictureSink;
import io.gatestream.model.FrameEncoder;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.ModelRuntime;
import io.gatestream.model.RecurrentStep;
import io.gatestream.model.RuntimeSettings;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The limit without Kafka: each caller decodes a frame, encodes it and steps the state of its
 * stream, one frame after the other, on one shared session. States are in memory, frames ready.
 */
final class RawLoop {
  private static final float ELAPSED = 0.1f;

  private final ModelBundle bundle;
  private final Provider provider;
  private final FrameLimits limits;
  private final Loops loops;
  private final List<Frame> frames;
  private final int streams;

  /**
   * Prepares the loop over the first {@code count} frames.
   *
   * @param loops how long it is measured
   */
  RawLoop(ModelBundle bundle, RunConfig config, Loops loops, Cameras cameras, int count) {
    this.bundle = bundle;
    this.provider = config.compute().provider();
    this.limits = config.limits();
    this.loops = loops;
    this.streams = cameras.ids().size();
    List<Frame> made = new ArrayList<>(count);
    for (int n = 0; n < count; n++) {
      made.add(cameras.frame(n));
    }
    this.frames = made;
  }

  /** What so many callers of one session of one session with so many threads in each call do. */
  Loops.Rate rate(int callers, int intraOp) throws InterruptedException {
    return rate(loops, callers, intraOp);
  }

  Loops.Rate rate(Loops other, int callers, int intraOp) throws InterruptedException {
    RuntimeSettings threads =
        RuntimeSettings.DEFAULT.withCallers(callers).withIntraOpThreads(intraOp);
    int[] next = {0};
    try (ModelRuntime runtime = ModelRuntime.open(bundle, provider, threads)) {
      return other.rate(callers, () -> new Caller(runtime, next[0]++, callers));
    }
  }

  /** Every {@code callers}-th stream's frames. */
  private final class Caller implements Work, PictureSink {
    private final FrameEncoder encoder;
    private final RecurrentStep step;
    private final FrameDecoder decoder;
    private final ByteBuffer picture;
    private final float[][][] states = new float[streams][][];
    private final float[] auxiliary = new float[bundle.auxiliarySize().orElse(0)];
    private final int callers;
    private int n;

    Caller(ModelRuntime runtime, int first, int callers) {
      InputSpec input = bundle.input();
      this.encoder = runtime.encoder();
      this.step = runtime.step();
      this.decoder = PictureDecoders.open(input, limits);
      this.picture = ByteBuffer.allocateDirect(input.bytes()).order(ByteOrder.nativeOrder());
      this.n = first;
      this.callers = callers;
    }

    @Override
    public int run() throws FrameDecodeException {
      decoder.decode(frames.get(n % frames.size()), this);
      float[] features = encoder.encode(picture, 1)[0];
      int stream = n % streams;
      float[][] state = states[stream] == null ? step.initialState() : states[stream];
      states[stream] = step.step(features, state, ELAPSED, auxiliary).state();
      n += callers;
      if (n < 0) {
        n = 0;
      }
      return 1;
    }

    @Override
    public Optional<ByteBuffer> place(int index, long captureTime, long sourceTime) {
      return Optional.of(picture.clear());
    }

    @Override
    public void filled(int index) {}

    @Override
    public void close() {
      decoder.close();
    }
  }
}
