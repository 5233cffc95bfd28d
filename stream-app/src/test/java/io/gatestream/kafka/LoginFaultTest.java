package io.gatestream.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LoginFaultTest {
  private static String ofAlert(String alert) {
    SSLHandshakeException root = new SSLHandshakeException("Received fatal alert: " + alert);
    return LoginFault.of(new SslAuthenticationException("SSL handshake failed", root), root);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bad_certificate", "certificate_required", "certificate_unknown", "unknown_ca"})
  void alertsOfTheClientsCertificateAskForOne(String alert) {
    assertThat(ofAlert(alert)).contains("want a certificate of the client", alert);
  }

  @ParameterizedTest
  @ValueSource(strings = {"handshake_failure", "protocol_version", "internal_error"})
  void otherAlertsAreNotTakenForThat(String alert) {
    assertThat(ofAlert(alert))
        .contains("no TLS connection", alert, "kafka.security.protocol")
        .doesNotContain("want a certificate");
  }
}
