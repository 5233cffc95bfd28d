package io.gatestream.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients of Kafka itself with settings that cannot be. */
final class ClientFaultTest {
  @TempDir Path folder;

  @Test
  void trustStoreThatIsNotThereIsNamed() {
    Path missing = folder.resolve("trust.jks");

    assertThat(fault(Map.of("ssl.truststore.location", missing.toString())))
        .isEqualTo(missing + ": no such file");
  }

  @Test
  void wrongPasswordIsCalledOne() throws Exception {
    Path file = folder.resolve("trust.p12");
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, "right".toCharArray());
    }

    assertThat(
            fault(
                Map.of(
                    "ssl.truststore.location", file.toString(),
                    "ssl.truststore.type", "PKCS12",
                    "ssl.truststore.password", "wrong")))
        .contains("password", "ssl.truststore.password")
        .doesNotContain("Exception", "integrity");
  }

  @Test
  void folderGivenForATrustStoreIsSaid() {
    assertThat(fault(Map.of("ssl.truststore.location", folder.toString())))
        .containsIgnoringCase("is a directory");
  }

  @Test
  void unknownHostIsNamed() {
    Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", "no-such.invalid:1"));

    assertThat(ClientFault.of(catchThrowable(() -> Admin.create(settings).close())))
        .contains("bootstrap.servers");
  }

  private static String fault(Map<String, String> ssl) {
    Map<String, Object> settings = new HashMap<>(ssl);
    settings.put("bootstrap.servers", "127.0.0.1:1");
    settings.put("security.protocol", "SSL");
    return ClientFault.of(catchThrowable(() -> Admin.create(settings).close()));
  }
}
