package io.gatestream.bench;

import io.gatestream.errors.IoReason;
import io.gatestream.errors.OutageException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One run of a peer: its topics, its processes, and a reader of its committed labels. Closing ends
 * the processes and deletes the topics. Used by one thread.
 */
final class PeerRun implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);
  private static final long READ_MILLIS = 100;
  private static final long MEMORY_MILLIS = 1_000;
  private static final long PATIENCE_SECONDS = 300;

  private static final com.sun.management.OperatingSystemMXBean SELF =
      (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final BenchKafka kafka;
  private final Peer peer;
  private final String id;
  private final Heard heard;
  private final Consumer<byte[], byte[]> labels;
  private final List<ChildProcess> processes = new ArrayList<>();
  private final PeerLog log;
  private long heardMillis;
  private long memoryMillis;
  private long readMillis;

  /** Is given each committed label. */
  interface Heard {
    void label(ConsumerRecord<byte[], byte[]> label);
  }

  /**
   * Starts a peer.
   *
   * @param id no other run's; topics begin with it
   * @param cores that its processes share the work for
   */
  PeerRun(
      TestBed bed,
      PeerPrograms programs,
      Peer peer,
      String id,
      String frames,
      int cores,
      Heard heard) {
    this.kafka = bed.kafka();
    this.peer = peer;
    this.id = id;
    this.heard = heard;
    PeerPrograms.Job job = job(bed, frames);
    kafka.topic(id + "labels", bed.partitions(), Map.of("message.timestamp.type", "LogAppendTime"));
    kafka.topic(id + "states", bed.partitions(), Map.of("cleanup.policy", "compact"));
    labels = kafka.consumer(job.labels());
    heardMillis = System.currentTimeMillis();
    log = new PeerLog(heardMillis);
    try {
      for (List<String> command : programs.commands(peer, job, cores)) {
        Path output = job.folder().resolve("output-%d".formatted(processes.size()));
        processes.add(ChildProcess.start(peer.title(), command, output));
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private PeerPrograms.Job job(TestBed bed, String frames) {
    Path folder = bed.settings().folder().resolve("peers").resolve(id);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new OutageException("%s cannot be made: %s".formatted(folder, IoReason.of(e)), e);
    }
    return new PeerPrograms.Job(
        kafka.access().bootstrapServers(),
        bed.bundle().folder(),
        frames,
        kafka.name(id + "labels"),
        kafka.name(id + "states"),
        kafka.name(id + "rejected"),
        kafka.name(id + "group"),
        folder);
  }

  PeerLog log() {
    return log;
  }

  /**
   * Reads what labels there are, and what the processes have used.
   *
   * @throws OutageException a process has ended, or there was no label for five minutes
   */
  void poll() throws InterruptedException {
    for (ConsumerRecord<byte[], byte[]> label : labels.poll(POLL)) {
      log.appended(label.timestamp());
      heard.label(label);
      heardMillis = System.currentTimeMillis();
    }
    long now = System.currentTimeMillis();
    if (now - readMillis >= READ_MILLIS) {
      processes.forEach(ChildProcess::requireAlive);
      log.read(now, cpu());
      readMillis = now;
    }
    if (log.hasLabel() && now - memoryMillis >= MEMORY_MILLIS) {
      log.resident(processes.stream().mapToLong(ChildProcess::residentBytes).sum());
      memoryMillis = now;
    }
    if (now - heardMillis > PATIENCE_SECONDS * 1_000) {
      throw new OutageException(
          "%s gave no label for %d s; the last that it said: %s"
              .formatted(peer.title(), PATIENCE_SECONDS, processes.get(0).lastLine()));
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private PeerLog.Cpu cpu() {
    return new PeerLog.Cpu(
        processes.stream().mapToLong(ChildProcess::cpuNanos).sum(),
        kafka.usage().brokerNanos(),
        SELF.getProcessCpuTime(),
        MachineCpu.busyNanos());
  }

  @Override
  public void close() {
    processes.forEach(ChildProcess::terminate);
    processes.forEach(ChildProcess::close);
    boolean isInterrupted = Thread.interrupted();
    labels.close();
    kafka.delete(id);
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
