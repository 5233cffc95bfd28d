package io.gatestream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.config.PolicySettings;
import io.gatestream.lookahead.FeatureSource;
import io.gatestream.lookahead.FrameRecord;
import io.gatestream.lookahead.PartitionLags;
import io.gatestream.lookahead.UpcomingRecord;
import io.gatestream.model.BundleReader;
import io.gatestream.model.EventRules;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.ModelRuntime;
import io.gatestream.model.TestBundles;
import io.gatestream.model.TestRuntimes;
import io.gatestream.stream.ask.OpenTasks;
import io.gatestream.stream.events.EventTracker;
import io.gatestream.stream.policy.StreamPolicy;
import io.gatestream.stream.steps.RecordRules;
import io.gatestream.stream.steps.StepThreads;
import io.gatestream.stream.watch.StreamMetrics;
import io.gatestream.stream.watch.StreamWatch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameProcessorCloseTest {
  @TempDir Path folder;

  private final List<TopicPartition> purged = new ArrayList<>();

  private final FeatureSource features =
      new FeatureSource() {
        @Override
        public FrameRecord record(TopicPartition partition, long offset, byte[] value) {
          throw new AssertionError("no record was sent");
        }

        @Override
        public Iterator<UpcomingRecord> upcoming(int most) {
          return Collections.emptyIterator();
        }

        @Override
        public boolean awaitReady(UpcomingRecord record, long nanos) {
          throw new AssertionError("no record was sent");
        }

        @Override
        public void passed(TopicPartition partition, long offset) {}

        @Override
        public void purge(TopicPartition partition) {
          purged.add(partition);
        }
      };

  private FrameProcessor processor(ModelBundle bundle, ModelRuntime runtime) {
    SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    StreamPolicy policy =
        new StreamPolicy(
            PolicySettings.DEFAULT, bundle.frameIntervalMicros(), bundle.stateFingerprint());
    RecordRules rules = new RecordRules(policy, runtime.step().initialState(), 0);
    return new FrameProcessor(
        new FrameProcessor.Parts(
            "frames",
            "streams",
            features,
            policy,
            rules,
            new FrameAdvance(
                rules, new LabelMaker(bundle, 64, false), new EventTracker(EventRules.NONE)),
            new StepThreads(features, runtime.step(), rules, 0, metrics),
            TaskEvents.Parts.of(bundle, EventRules.NONE, new PartitionLags(), true),
            new Rejections(1_000),
            new StreamMetrics(metrics),
            RecordSelection.ALL,
            Overload.KEEP_ALL,
            StreamWatch.logging(4, metrics),
            new OpenTasks()));
  }

  @Test
  void aTaskWhoseStoreDidNotOpenForgetsWhatWasDoneAhead() {
    ModelBundle bundle = BundleReader.load(TestBundles.tinyGru());
    try (ModelRuntime runtime = TestRuntimes.open(bundle)) {
      FrameProcessor processor = processor(bundle, runtime);
      MockProcessorContext<byte[], byte[]> context =
          new MockProcessorContext<>(new Properties(), new TaskId(0, 3), folder.toFile()) {
            @Override
            @SuppressWarnings("TypeParameterUnusedInFormals") // as Kafka declares it
            public <S extends StateStore> S getStateStore(String name) {
              throw new ProcessorStateException("damaged");
            }
          };
      assertThatThrownBy(() -> processor.init(context)).isInstanceOf(ProcessorStateException.class);
      processor.close();
      assertThat(purged).containsExactly(new TopicPartition("frames", 3));
    }
  }
}
