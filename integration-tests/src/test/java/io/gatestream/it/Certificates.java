package io.gatestream.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import org.assertj.core.api.Assertions;

/**
 * A broker's certificate and a client's, each in a key store of its own, and for each a trust store
 * that has nothing but it. Made by the JDK's keytool.
 */
final class Certificates {
  static final String PASSWORD = "of-the-stores";

  private static final char[] CHARS = PASSWORD.toCharArray();

  private final Path folder;

  private Certificates(Path folder) {
    this.folder = folder;
  }

  /** Makes them in a folder; the broker's is for 127.0.0.1, the client's principal is CN=client. */
  static Certificates make(Path folder) {
    Certificates made = new Certificates(Folders.create(folder));
    try {
      made.make("broker", "SAN=ip:127.0.0.1");
      made.make("client", "EKU=clientAuth");
      return made;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  Path broker() {
    return folder.resolve("broker.p12");
  }

  Path client() {
    return folder.resolve("client.p12");
  }

  Path trustInBroker() {
    return folder.resolve("broker-trust.p12");
  }

  Path trustInClient() {
    return folder.resolve("client-trust.p12");
  }

  private void make(String name, String extension)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path keys = folder.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    name,
                    "-keyalg",
                    "EC",
                    "-groupname",
                    "secp256r1",
                    "-dname",
                    "CN=" + name,
                    "-ext",
                    extension,
                    "-validity",
                    "2",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    keys.toString(),
                    "-storepass",
                    PASSWORD))
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Assertions.assertThat(keytool.waitFor()).as(said).isZero();

    KeyStore made = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      made.load(in, CHARS);
    }
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry(name, made.getCertificate(name));
    try (OutputStream out = Files.newOutputStream(folder.resolve(name + "-trust.p12"))) {
      trust.store(out, CHARS);
    }
  }
}
