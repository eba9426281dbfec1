package dev.runhook.http.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClientAddressTest {
  @Test
  void an_ipv4_address_is_used_unchanged() {
    assertThat(ClientAddress.of("192.0.2.1")).isNotEqualTo(ClientAddress.of("192.0.2.2"));
  }

  @Test
  void addresses_of_one_ipv6_network_count_as_one_client() {
    assertThat(ClientAddress.of("2001:db8:1:2::1"))
        .isEqualTo(ClientAddress.of("2001:db8:1:2:ffff::9"));
    assertThat(ClientAddress.of("2001:db8:1:2::1"))
        .isNotEqualTo(ClientAddress.of("2001:db8:1:3::1"));
  }

  @Test
  void a_zone_does_not_make_another_client() {
    assertThat(ClientAddress.of("fe80::1%0")).isEqualTo(ClientAddress.of("fe80::2"));
    assertThat(ClientAddress.of("fe80::1%no-such-interface"))
        .isEqualTo(ClientAddress.of("fe80::2"));
  }

  @Test
  void an_ipv4_address_in_ipv6_form_is_one_client() {
    assertThat(ClientAddress.of("::ffff:192.0.2.1"))
        .isNotEqualTo(ClientAddress.of("::ffff:192.0.2.2"));
  }

  @Test
  void text_that_is_not_an_address_is_used_unchanged() {
    assertThat(ClientAddress.of("no:address")).isEqualTo("no:address");
  }
}
