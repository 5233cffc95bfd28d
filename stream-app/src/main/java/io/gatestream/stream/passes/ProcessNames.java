package io.gatestream.stream.passes;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How Kafka Streams names transactions and members by the process that they belong to: {@code
 * ID-PROCESS-THREAD} and {@code ID-PROCESS-StreamThread-THREAD-consumer}. A process keeps its name
 * in its state folder.
 */
final class ProcessNames {
  private static final String UUID = "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})";

  private final Pattern transaction;
  private final Pattern client;

  ProcessNames(String applicationId) {
    String id = Pattern.quote(applicationId);
    transaction = Pattern.compile(id + "-" + UUID + "-(\\d{1,9})");
    client = Pattern.compile(id + "-" + UUID + "-StreamThread-(\\d{1,9})(?:-consumer)?");
  }

  /** A thread of a process, by its number. */
  record Owner(String process, int thread) {}

  /** Whose the transaction is; empty where it is not of this application. */
  Optional<Owner> ofTransaction(String transactionalId) {
    return of(transaction, transactionalId);
  }

  /** Whose the member, or the thread of that name, is; empty where the name means nothing here. */
  Optional<Owner> ofClient(String clientId) {
    return of(client, clientId);
  }

  private static Optional<Owner> of(Pattern pattern, String name) {
    Matcher matcher = pattern.matcher(name);
    return matcher.matches()
        ? Optional.of(new Owner(matcher.group(1), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }
}
