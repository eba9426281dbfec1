package dev.runhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OriginTest {
  @Test
  void an_ipv4_address_stands_for_itself() {
    assertThat(Origin.of("192.0.2.1")).isNotEqualTo(Origin.of("192.0.2.2"));
  }

  @Test
  void the_addresses_of_one_ipv6_network_are_one_origin() {
    assertThat(Origin.of("2001:db8:1:2::1")).isEqualTo(Origin.of("2001:db8:1:2:ffff::9"));
    assertThat(Origin.of("2001:db8:1:2::1")).isNotEqualTo(Origin.of("2001:db8:1:3::1"));
  }

  @Test
  void what_is_no_address_stands_for_itself_too() {
    assertThat(Origin.of("no:address")).isEqualTo("no:address");
  }
}
