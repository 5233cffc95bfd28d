package io.gatestream.stream;

import io.gatestream.config.RunConfig;
import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.InputSpec;
import io.gatestream.frame.decode.PictureDecoders;
import io.gatestream.guard.CrashGuard;
import io.gatestream.guard.TrialSettings;
import io.gatestream.lookahead.Forecast;
import io.gatestream.lookahead.Lookahead;
import io.gatestream.lookahead.LookaheadSettings;
import io.gatestream.model.FrameEncoder;
import io.gatestream.model.ModelBundle;
import io.gatestream.stream.policy.PolicyForecast;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * The lookahead, and the guard that is told what it decodes.
 *
 * @param resources both, closed by this object
 */
record GuardedLookahead(Lookahead lookahead, Resources resources) implements AutoCloseable {
  /** Tries what a dead instance was decoding, and starts the workers. */
  static GuardedLookahead open(
      RunConfig config, OpenedModel model, Stages stages, MeterRegistry metrics) {
    int workers = model.plan().workers();
    int streamThreads = config.compute().streamThreads();
    Resources resources = new Resources();
    try {
      CrashGuard guard =
          resources.add(
              CrashGuard.open(
                  config.storage().stateDir(),
                  config.applicationId(),
                  config.topics().frames(),
                  // a replaced stream thread may still be at its last record
                  workers + 2 * streamThreads,
                  config.kafka(),
                  TrialSettings.of(config.model(), config.limits())));
      ModelBundle bundle = model.bundle();
      InputSpec input = bundle.input();
      FrameEncoder encoder = stages.encoder(model.runtime().encoder());
      Lookahead lookahead =
          resources.add(
              new Lookahead(
                  config.topics().frames(),
                  new LookaheadSettings(
                      workers, model.pixelSlots(config.compute(), encoder), streamThreads),
                  new AvroFrameCodec(config.limits()),
                  input.bytes(),
                  () -> stages.decoder(PictureDecoders.open(input, config.limits())),
                  encoder,
                  bundle.frameIntervalMicros() == 0
                      ? Forecast.ALL
                      : new PolicyForecast(
                          bundle.frameIntervalMicros(), config.policy().gapMicros()),
                  guard,
                  metrics));
      return new GuardedLookahead(lookahead, resources);
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  @Override
  public void close() {
    resources.close();
  }
}
