package dev.runhook.domain.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0/0, 255.255.255.255, true",
    "10.0.0.0/9, 10.127.255.255, true",
    "10.0.0.0/9, 10.128.0.0, false",
    "10.1.2.3, 10.1.2.3, true",
    "10.1.2.3, 10.1.2.4, false",
    "::/0, fe80::1, true",
    "::/0, 10.0.0.1, false",
    "0.0.0.0/0, ::1, false",
    "2001:db8::/33, 2001:db8:7fff::, true",
    "2001:db8::/33, 2001:db8:8000::, false"
  })
  void a_network_contains_addresses_with_its_prefix(
      String network, String address, boolean contained) {
    assertThat(Network.parse(network).contains(IpAddresses.parse(address))).isEqualTo(contained);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/8",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/8/8",
        "10.0.0.0/ 8",
        "10.0.0.1/8",
        "::1/127",
        "::/129",
        "10/8",
        "example.com/8",
        "10.0.0.0/0008",
        "10.0.0.0/٨"
      })
  void strings_other_than_canonical_cidr_are_refused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Network.parse(text));
  }

  @Test
  void networks_with_the_same_addresses_are_equal() {
    assertThat(Network.parse("fd00::/8")).isEqualTo(Network.parse("FD00:0::/8"));
    assertThat(Network.parse("fd00::/8")).hasSameHashCodeAs(Network.parse("FD00:0::/8"));
    assertThat(Network.parse("10.0.0.0/8")).isNotEqualTo(Network.parse("10.0.0.0/9"));
  }

  @Test
  void to_string_returns_the_network_as_written() {
    assertThat(Network.parse("10.0.0.0/8")).hasToString("10.0.0.0/8");
  }
}
