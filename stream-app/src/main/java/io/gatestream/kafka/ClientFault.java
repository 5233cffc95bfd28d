package io.gatestream.kafka;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.IoReason;
import io.gatestream.errors.OutageException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.jspecify.annotations.Nullable;

/**
 * What to throw where a Kafka client cannot be made or used, and why it cannot. Kafka wraps the
 * cause several times in messages that say only what failed.
 */
public final class ClientFault {
  private ClientFault() {}

  /** A client refuses its settings. */
  public static ConfigException inSettings(KafkaException failure) {
    return new ConfigException("cannot use the Kafka client settings: " + of(failure), failure);
  }

  /** No broker answers in time. */
  public static OutageException noAnswer(KafkaAccess access, Throwable cause) {
    return new OutageException(
        "no Kafka broker answers at %s within %d s: check the address, or raise --broker-timeout"
            .formatted(access.bootstrapServers(), access.timeout().toSeconds()),
        cause);
  }

  /** Brokers answer, and refuse. */
  public static OutageException refused(KafkaAccess access, KafkaException failure) {
    return new OutageException(
        "Kafka at %s: %s".formatted(access.bootstrapServers(), of(failure)), failure);
  }

  /** One clause, by the cause that tells the user most. */
  public static String of(Throwable failure) {
    Throwable root = failure;
    @Nullable AuthenticationException login = null;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      root = cause;
      if (cause instanceof FileSystemException file && file.getFile() != null) {
        return "%s: %s"
            .formatted(
                file.getFile(),
                cause instanceof NoSuchFileException ? "no such file" : IoReason.of(file));
      }
      if (isWrongPassword(String.valueOf(cause.getMessage()))) {
        return "a password of the key or trust store is wrong: look at ssl.keystore.password, ssl.key.password and ssl.truststore.password";
      }
      login = cause instanceof AuthenticationException refused && login == null ? refused : login;
    }
    if (login != null) {
      return LoginFault.of(login, root);
    }
    if (root instanceof IOException) {
      return IoReason.of(root);
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }

  private static boolean isWrongPassword(String message) {
    String lower = message.toLowerCase(Locale.ROOT);
    return lower.contains("password was incorrect")
        || lower.contains("cannot recover key")
        || lower.contains("integrity check");
  }
}
