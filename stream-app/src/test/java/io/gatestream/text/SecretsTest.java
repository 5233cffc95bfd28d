package io.gatestream.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.config.KafkaAccess;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "rtsp://admin:hush@cam/1 does not open",
        "rtsp://hush@cam/1",
        "rtsp://admin:pa/hush@cam/1",
        "rtsp://admin:a@hush@cam/1",
        "Unmatched argument at index 1: 'rtsp:/admin:hush@cam/1'",
        "admin:hush@cam/1: no such file or folder",
        "http://cam/x?user=a&password=hush&x=1",
        "http://cam/x?sig=hush",
        "rtsp://cam:554/user=admin&password=hush&channel=1.sdp",
        "rtsp://cam:554/user=admin;pwd=hush;channel=1",
        "srt://cam?passphrase=hush",
        "Unknown options: '--kafak', 'ssl.key.password=hush'",
        "but was sasl.jaas.config:org.x.Plain required username='a' password=hush;",
        "sasl.jaas.config = org.x.Plain required hush;",
        "username=\"a\" password=\"x \\\" hush\";",
        "password='x hush'",
        "ssl.keystore.key=hush",
        "Invalid login module control flag 'hush' in JAAS config",
        "sasl.oauthbearer.token.endpoint.url = https://id:hush@idp/token",
        "bootstrap.servers: user:hush@broker:9092",
        "rtsp://admin:pa hush@cam/1 does not open: Connection refused",
        "rtsp://admin:a b hush@[fe80::1]:554/1; trying again in 1000 ms",
        "rtsp://dom/user:hush@cam/1",
        "rtsp://dom#user:hush@cam/1",
        "rtsp://admin:pa#hush@cam/1",
        "rtsp://admin:pa?hush@cam/1",
        "rtsp://admin:pa%20hush@[::1]/1",
        "rtsp://admin:pä'\"hush@cam/1",
        "http://cam/x?user=a&password=x#hush&channel=1",
        "http://cam/x?user=a&password=x&hush",
        "http://cam/cgi?loginuse=admin&loginpas=hush",
        "http://cam/cgi?usr=admin&psw=hush",
        "rtsp://cam/user=admin_password=hush_channel=1_stream=0.sdp?real_stream",
        "srt://server:8890?streamid=read:cam:admin:hush",
        "srt://server:8890?streamid=#!::u=admin,s=hush",
        "http://cam/x?session=hush",
      })
  void aSecretIsTakenOut(String text) {
    assertThat(Secrets.mask(text)).doesNotContain("hush").contains("***");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no Kafka broker answers at 127.0.0.1:9092 within 30 s: check the address",
        "at io.gatestream.cli.Main.main(Main.java:12)",
        "rtsp://camera:554/stream1 does not open: Connection refused",
        "model.json is not valid JSON, line 1: Unrecognized token 'x': was expecting ('true')",
        "org.apache.kafka.common.KafkaException: java.lang.Object@1f2e3d",
        "clip.mp4: 25 fps, 10:30:15",
        "metrics on http://127.0.0.1:8080, java.lang.Object@1f2e3d",
        "metrics on http://[::1]:8080/metrics, java.lang.Object@1f2e3d",
      })
  void everythingElseStays(String text) {
    assertThat(Secrets.mask(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rtsp://admin:554/ hush@cam/1",
        "rtsp://admin:a b@c hush@cam/1",
        "rtsp://ad min:hush@cam/1",
        "rtsp://admin:12 34 hush@cam/1",
        "rtsp://hush you@cam/1",
        "rtsp:/admin:pa hush@cam/1",
        "http://cam/x?password=my hush&x=1",
        "http://cam/x;password=my/hush;x=1",
        "rtsp://cam/user=admin&password=my hu/hush&channel=1.sdp",
      })
  void aUrlIsMaskedWholeAndKnownAgainInASentence(String url) {
    assertThat(Secrets.maskUrl(url)).doesNotContain("hush").contains("***");
    Secrets.learn(url);
    assertThat(Secrets.mask("Unmatched argument at index 1: '" + url + "' and more"))
        .doesNotContain("hush")
        .startsWith("Unmatched argument at index 1: '")
        .endsWith("' and more");
  }

  @Test
  void aPrintedAccessHasNoValues() {
    KafkaAccess access =
        new KafkaAccess(
            "host:9092",
            Map.of("sasl.jaas.config", "hush", "ssl.key.password", "hush"),
            Duration.ofSeconds(1));
    assertThat(access.toString()).contains("sasl.jaas.config", "host:9092").doesNotContain("hush");
  }
}
