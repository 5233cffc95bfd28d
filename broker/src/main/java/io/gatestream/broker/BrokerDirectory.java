package io.gatestream.broker;

import static io.gatestream.broker.BrokerSettings.NODE_ID;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * The folder of one broker's data, held by a lock for as long as the broker runs.
 *
 * <p>Kafka locks its folder too, but only after it has opened the metadata log: two brokers on one
 * folder would have damaged it by then.
 */
final class BrokerDirectory implements AutoCloseable {
  private static final String LOCK = ".gatestream-broker.lock";
  private static final String FORMATTED = "meta.properties";

  /** What a format leaves behind that was interrupted before it wrote {@link #FORMATTED}. */
  private static final Set<String> LEFT_BY_FORMAT =
      Set.of(LOCK, "bootstrap.checkpoint", "__cluster_metadata-0", "meta.properties.tmp");

  private final Path path;
  private final FileChannel lock;

  private BrokerDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /** Makes the folder if it is missing, and locks it. */
  static BrokerDirectory open(Path folder) {
    Path path = folder.toAbsolutePath().normalize();
    try {
      Files.createDirectories(path);
      if (path.toString().contains(",")) {
        throw new BrokerException("data folder " + path + ": Kafka allows no comma in its path");
      }
      requireBrokerFolder(path);
      return new BrokerDirectory(path, lock(path));
    } catch (IOException failure) {
      throw new BrokerException("data folder " + path + " cannot be used", failure);
    }
  }

  private static void requireBrokerFolder(Path path) throws IOException {
    if (Files.exists(path.resolve(FORMATTED))) {
      return;
    }
    try (Stream<Path> entries = Files.list(path)) {
      entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> !LEFT_BY_FORMAT.contains(name))
          .findFirst()
          .ifPresent(
              name -> {
                throw new BrokerException(
                    "data folder %s holds other files (%s): name an empty or new folder"
                        .formatted(path, name));
              });
    }
  }

  private static FileChannel lock(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      locked = channel.tryLock() != null;
    } catch (OverlappingFileLockException heldByThisProcess) {
      locked = false;
    } finally {
      if (!locked) {
        channel.close();
      }
    }
    if (!locked) {
      throw new BrokerException(
          "data folder " + path + ": a broker is running on it already; stop it or name another");
    }
    return channel;
  }

  Path path() {
    return path;
  }

  /**
   * Prepares a new folder for Kafka; a formatted one stays as it is.
   *
   * @param further the node's settings beside the usual ones
   * @throws BrokerException also where these name another folder
   */
  void format(Map<String, String> further) {
    for (String folder : BrokerSettings.FOLDERS) {
      if (further.containsKey(folder)) {
        throw new BrokerException(folder + " is no setting of this broker: use --data DIR");
      }
    }
    if (Files.exists(path.resolve(FORMATTED))) {
      return;
    }
    try {
      new Formatter()
          .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8))
          .setNodeId(nodeId(further))
          .setClusterId(clusterId(further))
          .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
          .setMetadataLogDirectory(path.toString())
          .addDirectory(path.toString())
          .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
          .setIgnoreFormatted(false)
          .run();
    } catch (Exception failure) {
      throw new BrokerException(
          "data folder " + path + " cannot be formatted: " + failure.getMessage(), failure);
    }
  }

  private static int nodeId(Map<String, String> further) {
    String id = BrokerSettings.of(0, 0, Path.of(""), further).getOrDefault(NODE_ID, "");
    try {
      return Integer.parseInt(id.strip());
    } catch (NumberFormatException e) {
      throw new BrokerException("%s is '%s': give a whole number".formatted(NODE_ID, id), e);
    }
  }

  /** Nodes that are given the same voters are one cluster; a node of its own is a new one. */
  private static String clusterId(Map<String, String> further) {
    String voters = further.get(BrokerSettings.VOTERS);
    if (voters == null) {
      return Uuid.randomUuid().toString();
    }
    UUID named = UUID.nameUUIDFromBytes(voters.getBytes(UTF_8));
    return new Uuid(named.getMostSignificantBits(), named.getLeastSignificantBits()).toString();
  }

  /** Frees the folder for another broker. */
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
