package io.gatestream.guard;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.IoReason;
import io.gatestream.errors.OutageException;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.kafka.ClientFault;
import io.gatestream.kafka.RangeReader;
import io.gatestream.kafka.RecordPosition;
import io.gatestream.lookahead.DecodeWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a record that kills the process from killing it again: notes what is being decoded, and
 * refuses what is known to kill. Opened before the application joins its group, closed after its
 * last decoder; {@link #enter} and {@link #leave} are for any thread.
 */
public final class CrashGuard implements DecodeWatch, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CrashGuard.class);

  private final KillingRecords killing;
  private final JournalFolder.OpenJournal journal;

  private CrashGuard(KillingRecords killing, JournalFolder.OpenJournal journal) {
    this.killing = killing;
    this.journal = journal;
  }

  /**
   * Tries what dead instances of the application were decoding, in processes of its own, if it can,
   * and begins a journal.
   *
   * @param stateDir shared by instances; the journals are in its folder {@code decoding}
   * @param threads that decode at once, at most
   * @throws OutageException the folder cannot be written
   */
  public static CrashGuard open(
      Path stateDir,
      String applicationId,
      String framesTopic,
      int threads,
      KafkaAccess kafka,
      TrialSettings trials) {
    Path path = stateDir.resolve("decoding");
    try (JournalFolder folder = JournalFolder.open(path, applicationId)) {
      KillingRecords killing = folder.killingRecords();
      try {
        Set<RecordPosition> left = folder.left();
        if (left.isEmpty() || isTried(left, folder, kafka, trials, killing)) {
          folder.clean();
        }
        return new CrashGuard(killing, folder.create(framesTopic, threads));
      } catch (IOException | RuntimeException | Error e) {
        killing.close();
        throw e;
      }
    } catch (IOException e) {
      throw new OutageException(
          "cannot use the folder %s (%s): %s"
              .formatted(path, IoReason.of(e), IoReason.remedy(e, "--state-dir")),
          e);
    }
  }

  /**
   * Whether the trials could be made. They save crashes and are no condition of a start: without
   * them a record that kills does so once more, and the next start tries again.
   */
  private static boolean isTried(
      Set<RecordPosition> left,
      JournalFolder folder,
      KafkaAccess kafka,
      TrialSettings trials,
      KillingRecords killing) {
    log.info("trying {} records that an instance was decoding when it died", left.size());
    try (RangeReader records = RangeReader.uncommitted(kafka)) {
      new Trials(folder, trials, records::value, killing).run(left);
      return true;
    } catch (InterruptException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      log.warn(
          "the {} records that an instance was decoding when it died cannot be tried, and the start goes on. If one of them kills this process too, mend this first: {}",
          left.size(),
          ClientFault.of(e));
      log.debug("why they cannot be tried", e);
      return false;
    }
  }

  @Override
  public int enter(TopicPartition partition, long offset, byte[] value)
      throws FrameDecodeException {
    Optional<String> known = killing.find(value);
    if (known.isPresent()) {
      throw new FrameDecodeException(
          Reason.KILLS_PROCESS, "decoding it killed a process: " + known.get());
    }
    return journal.journal().enter(partition.partition(), offset);
  }

  @Override
  public void leave(int ticket) {
    journal.journal().leave(ticket);
  }

  @Override
  public void close() throws IOException {
    try {
      journal.close();
    } finally {
      killing.close();
    }
  }
}
