package dev.runhook.domain.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runhook.domain.egress.EgressPolicy.Decision.Allowed;
import dev.runhook.domain.egress.EgressPolicy.Decision.Denied;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressPolicyTest {
  private static final EgressPolicy STRICT = new EgressPolicy(List.of());

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0/8, 0.0.0.0, 0.255.255.255",
    "10.0.0.0/8, 10.0.0.0, 10.255.255.255",
    "100.64.0.0/10, 100.64.0.0, 100.127.255.255",
    "127.0.0.0/8, 127.0.0.0, 127.255.255.255",
    "169.254.0.0/16, 169.254.0.0, 169.254.255.255",
    "172.16.0.0/12, 172.16.0.0, 172.31.255.255",
    "192.0.0.0/24, 192.0.0.0, 192.0.0.255",
    "192.0.2.0/24, 192.0.2.0, 192.0.2.255",
    "192.31.196.0/24, 192.31.196.0, 192.31.196.255",
    "192.52.193.0/24, 192.52.193.0, 192.52.193.255",
    "192.88.99.0/24, 192.88.99.0, 192.88.99.255",
    "192.168.0.0/16, 192.168.0.0, 192.168.255.255",
    "192.175.48.0/24, 192.175.48.0, 192.175.48.255",
    "198.18.0.0/15, 198.18.0.0, 198.19.255.255",
    "198.51.100.0/24, 198.51.100.0, 198.51.100.255",
    "203.0.113.0/24, 203.0.113.0, 203.0.113.255",
    "224.0.0.0/4, 224.0.0.0, 239.255.255.255",
    "240.0.0.0/4, 240.0.0.0, 255.255.255.255",
    "168.63.129.16/32, 168.63.129.16, 168.63.129.16",
    "::1/128, ::1, ::1",
    "fc00::/7, fc00::, fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "fe80::/10, fe80::, febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "ff00::/8, ff00::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "2001::/23, 2001::, 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
    "2001:db8::/32, 2001:db8::, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
    "2002::/16, 2002::, 2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "3fff::/20, 3fff::, 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
    "2620:4f:8000::/48, 2620:4f:8000::, 2620:4f:8000:ffff:ffff:ffff:ffff:ffff"
  })
  void the_first_and_last_address_of_a_denied_range_are_denied(
      String range, String first, String last) {
    assertThat(ruleOf(first)).endsWith(" " + range);
    assertThat(ruleOf(last)).endsWith(" " + range);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.0.0.0",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "191.255.255.255",
        "192.0.1.0",
        "192.0.1.255",
        "192.0.3.0",
        "192.31.195.255",
        "192.31.197.0",
        "192.52.192.255",
        "192.52.194.0",
        "192.88.98.255",
        "192.88.100.0",
        "192.167.255.255",
        "192.169.0.0",
        "192.175.47.255",
        "192.175.49.0",
        "198.17.255.255",
        "198.20.0.0",
        "198.51.99.255",
        "198.51.101.0",
        "203.0.112.255",
        "203.0.114.0",
        "223.255.255.255",
        "168.63.129.15",
        "168.63.129.17",
        "2001:200::",
        "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:db9::",
        "2003::",
        "2000::",
        "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "3fff:1000::",
        "2620:4f:7fff:ffff:ffff:ffff:ffff:ffff",
        "2620:4f:8001::",
        "2606:4700:4700::1111"
      })
  void the_addresses_next_to_a_denied_range_are_allowed(String address) {
    assertThat(STRICT.evaluateLiteral(address)).isEqualTo(new Allowed());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::",
        "::2",
        "::7f00:1",
        "::ffff:0:7f00:1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "100::1",
        "1fff::",
        "4000::",
        "5f00::1",
        "fbff::",
        "fe00::",
        "fec0::1"
      })
  void only_global_unicast_ipv6_is_allowed(String address) {
    assertThat(STRICT.evaluateLiteral(address)).isInstanceOf(Denied.class);
  }

  @ParameterizedTest
  @CsvSource({
    "::ffff:127.0.0.1, 127.0.0.0/8",
    "::ffff:7f00:1, 127.0.0.0/8",
    "0:0:0:0:0:FFFF:A9FE:A9FE, 169.254.0.0/16",
    "::ffff:10.1.2.3, 10.0.0.0/8"
  })
  void an_ipv4_mapped_address_is_evaluated_as_ipv4(String mapped, String range) {
    assertThat(ruleOf(mapped)).endsWith(" " + range);
  }

  @Test
  void a_public_ipv4_mapped_address_is_allowed() {
    assertThat(STRICT.evaluateLiteral("::ffff:8.8.8.8")).isEqualTo(new Allowed());
  }

  @Test
  void an_allowlisted_network_allows_only_its_own_addresses() {
    EgressPolicy policy =
        new EgressPolicy(List.of(Network.parse("127.0.0.0/8"), Network.parse("fd00:1::/32")));

    assertThat(policy.evaluateLiteral("127.0.0.1")).isEqualTo(new Allowed());
    assertThat(policy.evaluateLiteral("::ffff:127.0.0.1")).isEqualTo(new Allowed());
    assertThat(policy.evaluateLiteral("fd00:1::9")).isEqualTo(new Allowed());
    assertThat(policy.evaluateLiteral("::1")).isInstanceOf(Denied.class);
    assertThat(policy.evaluateLiteral("10.0.0.1")).isInstanceOf(Denied.class);
    assertThat(policy.evaluateLiteral("fd00:2::9")).isInstanceOf(Denied.class);
    assertThat(policy.hasAllowlist()).isTrue();
    assertThat(STRICT.hasAllowlist()).isFalse();
  }

  @Test
  void an_allowlisted_network_ends_at_its_last_address() {
    EgressPolicy policy = new EgressPolicy(List.of(Network.parse("10.1.0.0/16")));

    assertThat(policy.evaluateLiteral("10.1.255.255")).isEqualTo(new Allowed());
    assertThat(policy.evaluateLiteral("10.2.0.0")).isInstanceOf(Denied.class);
  }

  @Test
  void a_network_denied_by_the_operator_stays_denied_although_it_is_allowed() {
    EgressPolicy policy =
        new EgressPolicy(
            List.of(Network.parse("10.0.0.0/8")),
            List.of(Network.parse("10.1.0.0/16"), Network.parse("8.8.8.0/24")),
            false);

    assertThat(policy.evaluateLiteral("10.0.255.255")).isEqualTo(new Allowed());
    assertThat(policy.evaluateLiteral("8.8.9.0")).isEqualTo(new Allowed());
    assertThat(policy.evaluateLiteral("10.1.0.0"))
        .isEqualTo(new Denied("network denied by the operator 10.1.0.0/16"));
    assertThat(policy.evaluateLiteral("::ffff:8.8.8.8"))
        .isEqualTo(new Denied("network denied by the operator 8.8.8.0/24"));
  }

  @Test
  void only_an_https_policy_denies_http() {
    EgressPolicy httpsOnly = new EgressPolicy(List.of(), List.of(), true);

    assertThat(STRICT.evaluateScheme("http")).isEqualTo(new Allowed());
    assertThat(httpsOnly.evaluateScheme("HTTP")).isInstanceOf(Denied.class);
    assertThat(httpsOnly.evaluateScheme("HTTPS")).isEqualTo(new Allowed());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "2130706433",
        "127.1",
        "127.0.1",
        "0177.0.0.1",
        "127.0.0.01",
        "0x7f.0.0.1",
        "0x7f000001",
        "127.0.0.1.",
        ".127.0.0.1",
        "127.0.0.256",
        "127.0.0.-1",
        "127.0.0.1 ",
        "1.2.3.4.5",
        "१२७.0.0.1",
        "localhost",
        ":",
        ":1",
        "1:",
        ":::",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "12345::",
        "g::",
        "fe80::1%eth0",
        "::127.1",
        "::ffff:127.0.0.01",
        "1.2.3.4::",
        "::1.2.3.4:5",
        "[::1]"
      })
  void a_non_canonical_spelling_is_not_an_address(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> STRICT.evaluateLiteral(text));
  }

  private static String ruleOf(String address) {
    return STRICT.evaluateLiteral(address) instanceof Denied(String rule)
        ? rule
        : address + " is allowed";
  }
}
