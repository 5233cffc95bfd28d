package io.gatestream.stream.ask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.errors.ConfigException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AddressTest {
  @Test
  void isWhatTheServerListensOn() {
    assertThat(Address.of(Optional.empty(), "127.0.0.1", 8080)).isEqualTo("127.0.0.1:8080");
    assertThat(Address.of(Optional.empty(), "::1", 8080)).isEqualTo("[::1]:8080");
    assertThat(Address.of(Optional.empty(), "[::1]", 8080)).isEqualTo("[::1]:8080");
  }

  @Test
  void isTheMachinesNameWhereItListensOnAll() throws UnknownHostException {
    String machine = InetAddress.getLocalHost().getHostName();
    assertThat(Address.of(Optional.empty(), "0.0.0.0", 1)).isEqualTo(Address.text(machine, 1));
    assertThat(Address.of(Optional.empty(), "::", 1)).isEqualTo(Address.text(machine, 1));
  }

  @Test
  void isWhatTheUserSays() {
    assertThat(Address.of(Optional.of("a.example"), "0.0.0.0", 1)).isEqualTo("a.example:1");
    assertThat(Address.of(Optional.of("a.example:2"), "0.0.0.0", 1)).isEqualTo("a.example:2");
    assertThat(Address.of(Optional.of("[2001:db8::1]:2"), "::", 1)).isEqualTo("[2001:db8::1]:2");
    assertThat(Address.of(Optional.of("2001:db8::1"), "::", 1)).isEqualTo("[2001:db8::1]:1");
    assertThat(Address.of(Optional.of("[2001:db8::1]"), "::", 1)).isEqualTo("[2001:db8::1]:1");
  }

  @Test
  void aNameThatFitsIntoNoUrlIsRefused() {
    assertThat(Address.named("camera-1", "0.0.0.0")).isEqualTo("camera-1");
    for (String machine : new String[] {"camera_1", "a b", ""}) {
      assertThatThrownBy(() -> Address.named(machine, "0.0.0.0"))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("'%s'".formatted(machine))
          .hasMessageContaining("give http.advertised");
    }
  }
}
