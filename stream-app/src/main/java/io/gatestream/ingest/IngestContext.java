package io.gatestream.ingest;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What all sources of one ingest share. */
record IngestContext(
    IngestSettings settings,
    Instant session,
    FrameSink sink,
    InstantSource clock,
    LongSupplier nanos,
    Supplier<Pacer> pacers,
    IngestListener listener,
    CountDownLatch stop,
    int decoderThreads,
    long queueBytes) {
  boolean stopped() {
    return stop.getCount() == 0;
  }
}
