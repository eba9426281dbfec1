package dev.runhook.domain.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.egress.Network;
import dev.runhook.domain.webhook.EndpointCheck.Forbidden;
import dev.runhook.domain.webhook.EndpointCheck.Malformed;
import dev.runhook.domain.webhook.EndpointCheck.Valid;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
  private static final EgressPolicy STRICT = new EgressPolicy(List.of());
  private static final EgressPolicy LOOPBACK_ALLOWED =
      new EgressPolicy(List.of(Network.parse("127.0.0.0/8")));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://hooks.example.com",
        "http://hooks.example.com/path?x=1&y=%20",
        "HTTPS://Hooks.Example.COM/A",
        "https://example.com:8443/",
        "https://example.com:1/",
        "https://example.com:65535/",
        "https://8.8.8.8/x",
        "https://[2606:4700:4700::1111]/x",
        "https://[2606:4700:4700::1111]:8443/",
        "https://xn--bcher-kva.example/",
        "https://a-b.example.com/",
        "https://1password.example.com/",
        "https://example.co1/",
        "https://0xab.example.com/",
        "https://example.com/a/../b",
        "https://example.com//x",
        "https://example.com?x",
        "https://local.example.com/",
        "https://localhost.example.com/",
        "https://home.arpa.example.com/"
      })
  void a_canonical_public_url_is_valid(String url) {
    assertThat(check(url, STRICT)).isInstanceOf(Valid.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "hooks.example.com",
        "//hooks.example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "https:",
        "https://",
        "https:///path",
        "https:example.com",
        "https:/example.com",
        "gopher://example.com/",
        "javascript:alert(1)",
        "https://user@example.com/",
        "https://user:pw@example.com/",
        "https://@example.com/",
        "https://example.com/#top",
        "https://example.com/#",
        "https://exa mple.com/",
        "https://example.com/a b",
        "https://example.com/\u00fc",
        "https://ex\u00e4mple.com/",
        "https://example.com/\n",
        "https://example.com/\t",
        "\u0000https://example.com/",
        "https://example\u3002com/",
        "https://example.com:/",
        "https://example.com:0/",
        "https://example.com:65536/",
        "https://example.com:99999999999/",
        "https://example.com:-1/",
        "https://example.com:+80/",
        "https://example.com:080/",
        "https://example.com:8o/",
        "https://example.com./",
        "https://.example.com/",
        "https://a..example.com/",
        "https://-a.example.com/",
        "https://a-.example.com/",
        "https://a_b.example.com/",
        "https://%65xample.com/",
        "https://exam%70le.com/",
        "https://1.2.3.4.5/",
        "https://256.1.1.1/",
        "https://example.123/",
        "https://example.0x/",
        "https://[::1/",
        "https://::1/",
        "https://[v1.a]/",
        "https://[::127.1]/",
        "https://[]/",
        "https://example.com/%zz",
        "https://example.com/{a}",
        "https://example.com/<x>"
      })
  void a_url_that_is_not_canonical_is_malformed(String url) {
    assertThat(check(url, STRICT)).isInstanceOf(Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/",
        "http://127.0.0.1:9000/hook",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[fd00::1]/",
        "http://[fe80::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[::]/",
        "http://0.0.0.0/",
        "http://255.255.255.255/",
        "http://224.0.0.1/",
        "http://192.168.1.1/",
        "http://168.63.129.16/",
        "http://localhost/",
        "http://LOCALHOST:8080/",
        "http://a.localhost/",
        "http://printer.local/",
        "http://db.internal/",
        "http://metadata.google.internal/",
        "http://nas.lan/",
        "http://nas.home.arpa/",
        "http://abc.onion/",
        "http://x.invalid/",
        "http://intranet/",
        "http://kubernetes/",
        "http://x.localdomain/"
      })
  void internal_hosts_are_forbidden_by_a_named_rule(String url) {
    EndpointCheck check = check(url, STRICT);

    assertThat(check).isInstanceOf(Forbidden.class);
    assertThat(((Forbidden) check).rule()).isNotBlank();
  }

  @ParameterizedTest
  @CsvSource({
    "https://2130706433/, loopback 127.0.0.0/8",
    "https://0177.0.0.1/, loopback 127.0.0.0/8",
    "https://0x7f.1/, loopback 127.0.0.0/8",
    "https://127.1/, loopback 127.0.0.0/8",
    "https://127.0.1/, loopback 127.0.0.0/8",
    "https://0X7F.0.0.1/, loopback 127.0.0.0/8",
    "https://0x7f000001/, loopback 127.0.0.0/8",
    "https://127.0.0.0x1/, loopback 127.0.0.0/8",
    "https://127.0.0.01/, loopback 127.0.0.0/8",
    "https://017700000001/, loopback 127.0.0.0/8",
    "https://127.0.0.1./, loopback 127.0.0.0/8",
    "https://010.0.0.1/, private network 10.0.0.0/8",
    "https://012.0.0.1/, private network 10.0.0.0/8",
    "https://user@10.0.0.1/, private network 10.0.0.0/8",
    "https://user:pw@0xa000001:80/, private network 10.0.0.0/8",
    "https://example.com@10.0.0.1/, private network 10.0.0.0/8",
    "'https://example.com\\@10.0.0.1/', private network 10.0.0.0/8",
    "https://10.0.0.1:0/, private network 10.0.0.0/8",
    "https://10.0.0.1:/#x, private network 10.0.0.0/8",
    "https://[::1%25eth0]/, loopback ::1/128",
    "https://[fe80::1%25lo]/, link-local fe80::/10",
    "https://user@[::1]:80/, loopback ::1/128",
    "https://[::1].:80/, loopback ::1/128",
    "https://user@localhost/, 'name of this machine, loopback 127.0.0.0/8'",
    "https://LOCALHOST./, 'name of this machine, loopback 127.0.0.0/8'",
    "https://db.internal.:80/, 'name reserved for private networks, .internal'",
    "https://kubernetes:/, 'name without a dot, which exists only in a private network'"
  })
  void a_non_canonical_spelling_of_a_forbidden_host_names_the_rule(String url, String rule) {
    assertThat(check(url, STRICT)).isEqualTo(new Forbidden(rule));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://134744072/",
        "https://8.526344/",
        "https://010.8.8.8/",
        "https://0x8.8.8.8/",
        "https://8.8.8.8./",
        "https://user@8.8.8.8/",
        "https://user@[2606:4700:4700::1111]/",
        "https://[2606:4700:4700::1111%25eth0]/",
        "https://256.1/",
        "https://127.16777216/",
        "https://4294967296/",
        "https://0x100000000/",
        "https://99999999999999999999/",
        "https://08.1/",
        "https://127.0.0.1%00/",
        "https://%31127.0.0.1/",
        "https://example.com%40127.0.0.1/",
        "ftp://127.0.0.1/",
        "https:127.0.0.1"
      })
  void other_non_canonical_hosts_are_malformed(String url) {
    EgressPolicy lenient = new EgressPolicy(List.of(Network.parse("10.0.0.0/8")));

    assertThat(check(url, url.contains("010.") ? lenient : STRICT)).isInstanceOf(Malformed.class);
  }

  @Test
  void home_arpa_itself_is_forbidden() {
    assertThat(check("http://home.arpa/", STRICT)).isInstanceOf(Forbidden.class);
  }

  @Test
  void allowlisted_loopback_allows_local_names_but_no_other_address() {
    assertThat(check("http://localhost:9000/", LOOPBACK_ALLOWED)).isInstanceOf(Valid.class);
    assertThat(check("http://127.0.0.1:9000/", LOOPBACK_ALLOWED)).isInstanceOf(Valid.class);
    assertThat(check("http://10.0.0.1/", LOOPBACK_ALLOWED)).isInstanceOf(Forbidden.class);
    assertThat(check("http://[::1]/", LOOPBACK_ALLOWED)).isInstanceOf(Forbidden.class);
    assertThat(check("http://127.1/", LOOPBACK_ALLOWED)).isInstanceOf(Malformed.class);
  }

  @Test
  void another_allowlisted_network_does_not_allow_this_machine() {
    EgressPolicy tenAllowed = new EgressPolicy(List.of(Network.parse("10.0.0.0/8")));

    assertThat(check("http://localhost/", tenAllowed)).isInstanceOf(Forbidden.class);
    assertThat(check("http://db.internal/", tenAllowed)).isInstanceOf(Valid.class);
  }

  @Test
  void the_operator_can_require_https() {
    EgressPolicy httpsOnly =
        new EgressPolicy(List.of(Network.parse("127.0.0.0/8")), List.of(), true);

    assertThat(check("http://hooks.example.com/", httpsOnly))
        .isEqualTo(new Forbidden("only https is allowed"));
    assertThat(check("HTTP://127.0.0.1/", httpsOnly)).isInstanceOf(Forbidden.class);
    assertThat(check("HTTPS://hooks.example.com/", httpsOnly)).isInstanceOf(Valid.class);
  }

  @Test
  void a_url_has_at_most_2048_characters() {
    String start = "https://example.com/";

    assertThat(check(start + "a".repeat(2048 - start.length()), STRICT)).isInstanceOf(Valid.class);
    assertThat(check(start + "a".repeat(2049 - start.length()), STRICT))
        .isInstanceOf(Malformed.class);
  }

  @Test
  void a_label_has_at_most_63_characters_and_a_host_at_most_253() {
    String label = "a".repeat(63);
    String host = String.join(".", label, label, label, "b".repeat(57), "com");

    assertThat(host).hasSize(253);
    assertThat(check("https://" + host + "/", STRICT)).isInstanceOf(Valid.class);
    assertThat(check("https://a" + host + "/", STRICT)).isInstanceOf(Malformed.class);
    assertThat(check("https://" + label + ".b." + host + "/", STRICT))
        .isInstanceOf(Malformed.class);
  }

  @Test
  void a_reason_does_not_quote_the_url() {
    EndpointCheck check = check("https://example.com/?token=hunter2#x", STRICT);

    assertThat(((Malformed) check).reason()).doesNotContain("hunter2");
  }

  @ParameterizedTest
  @CsvSource({
    "HTTPS://Hooks.Example.COM, https://hooks.example.com/",
    "https://example.com:443/a, https://example.com/a",
    "http://example.com:80, http://example.com/",
    "http://example.com:443/, http://example.com:443/",
    "https://example.com:80/, https://example.com:80/",
    "https://example.com/%7efoo%2f, https://example.com/%7Efoo%2F",
    "https://example.com/A?B=%c3%bc, https://example.com/A?B=%C3%BC",
    "https://example.com?x, https://example.com/?x",
    "https://example.com/a/../b, https://example.com/a/../b",
    "https://[2606:4700::1111]:443/, https://[2606:4700::1111]/"
  })
  void equivalent_urls_have_the_same_normalized_form(String url, String normalized) {
    Endpoint endpoint = Endpoint.ofStored(url);

    assertThat(endpoint.normalized()).isEqualTo(normalized);
    assertThat(endpoint.text()).isEqualTo(url);
    assertThat(endpoint)
        .isEqualTo(Endpoint.ofStored(normalized))
        .hasSameHashCodeAs(Endpoint.ofStored(normalized));
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.com/a, https://example.com/A",
    "https://example.com/a, http://example.com/a",
    "https://example.com/a, https://example.com/a/",
    "https://example.com/a, https://example.com/a?",
    "https://example.com/?a=1, https://example.com/?a=2"
  })
  void urls_that_may_differ_are_not_equal(String one, String other) {
    assertThat(Endpoint.ofStored(one)).isNotEqualTo(Endpoint.ofStored(other));
  }

  @Test
  void to_string_omits_the_query() {
    Endpoint endpoint = Endpoint.ofStored("https://example.com/a?token=hunter2");

    assertThat(endpoint).hasToString("https://example.com/a");
    assertThat(endpoint.withoutQuery()).isEqualTo("https://example.com/a");
    assertThat(endpoint.uri()).hasToString("https://example.com/a?token=hunter2");
  }

  private static EndpointCheck check(String url, EgressPolicy policy) {
    return new EndpointValidator(policy).check(url);
  }
}
