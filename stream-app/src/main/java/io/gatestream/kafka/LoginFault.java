package io.gatestream.kafka;

import java.util.Locale;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;

/** Why brokers and client do not take each other for who they say they are, and what to do. */
final class LoginFault {
  private LoginFault() {}

  /**
   * One clause.
   *
   * @param root what Java says last of the same
   */
  static String of(AuthenticationException failure, Throwable root) {
    if (failure instanceof SslAuthenticationException) {
      return ofTls(text(root));
    }
    String remedy =
        failure instanceof UnsupportedSaslMechanismException
            ? "give one of these as kafka.sasl.mechanism"
            : "look at user and password in kafka.sasl.jaas.config, and at kafka.sasl.mechanism";
    return "%s: %s".formatted(text(failure).replaceFirst("[.:]$", ""), remedy);
  }

  private static String ofTls(String reason) {
    String lower = reason.toLowerCase(Locale.ROOT);
    if (lower.contains("certification path") || lower.contains("path validation")) {
      return "the brokers' certificate comes from an authority that this client does not trust: name a trust store that has it as kafka.ssl.truststore.location";
    }
    if (lower.contains("subject alternative") || lower.contains("no name matching")) {
      return "the brokers' certificate is not for this address (%s): connect by a name that is in it"
          .formatted(reason);
    }
    if (lower.contains("unrecognized ssl message")) {
      return "this port does not speak TLS: see that the address fits kafka.security.protocol";
    }
    if (lower.contains("fatal alert")
        && (lower.contains("certificate") || lower.contains("unknown_ca"))) {
      return "the brokers want a certificate of the client that they trust (%s): name a key store that has one as kafka.ssl.keystore.location"
          .formatted(reason);
    }
    return "no TLS connection (%s): look at kafka.security.protocol, kafka.ssl.truststore.location and kafka.ssl.keystore.location"
        .formatted(reason);
  }

  private static String text(Throwable thrown) {
    return thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
  }
}
