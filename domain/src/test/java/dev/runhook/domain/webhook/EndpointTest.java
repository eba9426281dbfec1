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
  private static final EgressPolicy LOOPBACK_OPEN =
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
  void a_plain_public_url_is_fit(String url) {
    assertThat(Endpoint.check(url, STRICT)).isInstanceOf(Valid.class);
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
  void what_is_no_plain_url_is_malformed(String url) {
    assertThat(Endpoint.check(url, STRICT)).isInstanceOf(Malformed.class);
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
  void what_leads_inside_is_forbidden_by_a_named_rule(String url) {
    EndpointCheck verdict = Endpoint.check(url, STRICT);

    assertThat(verdict).isInstanceOf(Forbidden.class);
    assertThat(((Forbidden) verdict).rule()).isNotBlank();
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
    "https://db.internal.:80/, 'name reserved for inside a network, .internal'",
    "https://kubernetes:/, 'name without a dot, known only inside a network'"
  })
  void an_odd_spelling_of_a_forbidden_place_is_told_by_its_rule(String url, String rule) {
    assertThat(Endpoint.check(url, STRICT)).isEqualTo(new Forbidden(rule));
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
  void what_is_odd_and_no_spelling_of_a_forbidden_place_is_malformed(String url) {
    EgressPolicy lenient = new EgressPolicy(List.of(Network.parse("10.0.0.0/8")));

    assertThat(Endpoint.check(url, url.contains("010.") ? lenient : STRICT))
        .isInstanceOf(Malformed.class);
  }

  @Test
  void home_arpa_itself_is_forbidden() {
    assertThat(Endpoint.check("http://home.arpa/", STRICT)).isInstanceOf(Forbidden.class);
  }

  @Test
  void an_opened_loopback_opens_this_machines_names_but_no_other_address() {
    assertThat(Endpoint.check("http://localhost:9000/", LOOPBACK_OPEN)).isInstanceOf(Valid.class);
    assertThat(Endpoint.check("http://127.0.0.1:9000/", LOOPBACK_OPEN)).isInstanceOf(Valid.class);
    assertThat(Endpoint.check("http://10.0.0.1/", LOOPBACK_OPEN)).isInstanceOf(Forbidden.class);
    assertThat(Endpoint.check("http://[::1]/", LOOPBACK_OPEN)).isInstanceOf(Forbidden.class);
    assertThat(Endpoint.check("http://127.1/", LOOPBACK_OPEN)).isInstanceOf(Malformed.class);
  }

  @Test
  void opening_another_network_does_not_open_this_machine() {
    EgressPolicy tenOpen = new EgressPolicy(List.of(Network.parse("10.0.0.0/8")));

    assertThat(Endpoint.check("http://localhost/", tenOpen)).isInstanceOf(Forbidden.class);
    assertThat(Endpoint.check("http://db.internal/", tenOpen)).isInstanceOf(Valid.class);
  }

  @Test
  void a_url_is_2048_characters_at_most() {
    String start = "https://example.com/";

    assertThat(Endpoint.check(start + "a".repeat(2048 - start.length()), STRICT))
        .isInstanceOf(Valid.class);
    assertThat(Endpoint.check(start + "a".repeat(2049 - start.length()), STRICT))
        .isInstanceOf(Malformed.class);
  }

  @Test
  void a_label_is_63_characters_and_a_host_253_at_most() {
    String label = "a".repeat(63);
    String host = String.join(".", label, label, label, "b".repeat(57), "com");

    assertThat(host).hasSize(253);
    assertThat(Endpoint.check("https://" + host + "/", STRICT)).isInstanceOf(Valid.class);
    assertThat(Endpoint.check("https://a" + host + "/", STRICT)).isInstanceOf(Malformed.class);
    assertThat(Endpoint.check("https://" + label + ".b." + host + "/", STRICT))
        .isInstanceOf(Malformed.class);
  }

  @Test
  void a_reason_does_not_quote_the_url() {
    EndpointCheck verdict = Endpoint.check("https://example.com/?token=hunter2#x", STRICT);

    assertThat(((Malformed) verdict).reason()).doesNotContain("hunter2");
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
  void the_normal_form_levels_what_makes_no_difference(String url, String normalForm) {
    Endpoint endpoint = Endpoint.ofStored(url);

    assertThat(endpoint.normalized()).isEqualTo(normalForm);
    assertThat(endpoint.text()).isEqualTo(url);
    assertThat(endpoint)
        .isEqualTo(Endpoint.ofStored(normalForm))
        .hasSameHashCodeAs(Endpoint.ofStored(normalForm));
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.com/a, https://example.com/A",
    "https://example.com/a, http://example.com/a",
    "https://example.com/a, https://example.com/a/",
    "https://example.com/a, https://example.com/a?",
    "https://example.com/?a=1, https://example.com/?a=2"
  })
  void what_may_make_a_difference_stays_different(String one, String other) {
    assertThat(Endpoint.ofStored(one)).isNotEqualTo(Endpoint.ofStored(other));
  }

  @Test
  void it_prints_without_its_query() {
    Endpoint endpoint = Endpoint.ofStored("https://example.com/a?token=hunter2");

    assertThat(endpoint).hasToString("https://example.com/a");
    assertThat(endpoint.withoutQuery()).isEqualTo("https://example.com/a");
    assertThat(endpoint.uri()).hasToString("https://example.com/a?token=hunter2");
  }
}
