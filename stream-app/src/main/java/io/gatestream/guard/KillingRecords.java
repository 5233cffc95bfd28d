package io.gatestream.guard;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.gatestream.errors.IoReason;
import io.gatestream.errors.OutageException;
import io.gatestream.files.Sha256;
import io.gatestream.kafka.RecordPosition;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The records whose decoding kills a process, known by length and SHA-256 of their values: a value
 * that kills does so wherever it lies. A text file that all instances of a state folder share, a
 * line a record; deleting it while none runs forgets them. What another instance adds counts from
 * the next question on.
 *
 * <p>{@link #find} is for any thread. {@link #add} is for the one that has the {@link
 * JournalFolder} open.
 */
final class KillingRecords implements AutoCloseable {
  private static final Pattern LINE =
      Pattern.compile(
          "([0-9a-f]{64}) ([0-9]{1,9}) (SIG[A-Z]+ \\S+ partition [0-9]+ offset [0-9]+)");

  /** Not a channel: interrupting a thread within one closes it for all others. */
  private final RandomAccessFile file;

  private volatile Known known = new Known(Map.of());
  private volatile long seen;
  private long parsed;

  /** What was read so far: by length, by hash, signal and position. */
  private record Known(Map<Integer, Map<String, String>> byLength) {}

  private KillingRecords(RandomAccessFile file) {
    this.file = file;
  }

  static KillingRecords open(Path path) throws IOException {
    KillingRecords records = new KillingRecords(new RandomAccessFile(path.toFile(), "rw"));
    records.refresh();
    return records;
  }

  /** Signal and first position of a value that kills. */
  Optional<String> find(byte[] value) {
    try {
      if (file.length() != seen) {
        refresh();
      }
    } catch (IOException e) {
      throw new OutageException(
          "the list of killing records cannot be read (%s): look at the folder 'decoding' in --state-dir"
              .formatted(IoReason.of(e)),
          e);
    }
    Map<String, String> sameLength = known.byLength.get(value.length);
    return sameLength == null
        ? Optional.empty()
        : Optional.ofNullable(sameLength.get(Sha256.hex(value)));
  }

  private synchronized void refresh() throws IOException {
    long length = file.length();
    if (length < parsed) {
      parsed = 0; // emptied by a user
    }
    byte[] bytes = new byte[Math.toIntExact(length - parsed)];
    file.seek(parsed);
    file.readFully(bytes);
    String text = new String(bytes, ISO_8859_1);
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    Map<Integer, Map<String, String>> all = new HashMap<>();
    if (parsed > 0) {
      known.byLength.forEach((size, hashes) -> all.put(size, new HashMap<>(hashes)));
    }
    whole
        .lines()
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .forEach(
            line ->
                all.computeIfAbsent(Integer.valueOf(line.group(2)), size -> new HashMap<>())
                    .putIfAbsent(line.group(1), line.group(3)));
    parsed += whole.getBytes(ISO_8859_1).length;
    known = new Known(all);
    seen = length;
  }

  /** Adds a record for good: it is on the disk when this returns. */
  synchronized void add(byte[] value, RecordPosition position, String signal) throws IOException {
    long end = file.length();
    boolean torn = false;
    if (end > 0) {
      file.seek(end - 1);
      torn = file.read() != '\n';
    }
    String line =
        "%s%s %d %s %s partition %d offset %d\n"
            .formatted(
                torn ? "\n" : "",
                Sha256.hex(value),
                value.length,
                signal,
                position.topic(),
                position.partition(),
                position.offset());
    file.seek(end);
    file.write(line.getBytes(ISO_8859_1));
    file.getFD().sync();
    refresh();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
