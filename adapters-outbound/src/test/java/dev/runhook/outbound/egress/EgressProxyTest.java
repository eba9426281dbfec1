package dev.runhook.outbound.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Blocked;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.InternalFailure;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.domain.delivery.Outcome.Responded;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.outbound.http.HostileBehaviors;
import dev.runhook.outbound.http.HostileReceiver;
import dev.runhook.outbound.http.LeakedThreads;
import dev.runhook.outbound.http.TransportFixture;
import dev.runhook.outbound.http.TransportSettings;
import dev.runhook.outbound.tls.TestCertificates;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EgressProxyTest {
  private static final Duration LONG_TIMEOUT = Duration.ofSeconds(20);
  private static final InetAddress PUBLIC = LiteralAddress.of("8.8.8.8");
  private static final InetAddress PRIVATE = LiteralAddress.of("10.0.0.1");

  @SuppressWarnings("NullAway.Init")
  private static TestCertificates certificates;

  @BeforeAll
  static void createCertificates(@TempDir Path directory) throws Exception {
    certificates =
        new TestCertificates(directory)
            .authority("authority")
            .forHost("hook", "hook.test", "authority")
            .forHost("elsewhere", "elsewhere.test", "authority");
  }

  @AfterAll
  static void close() throws InterruptedException {
    assertThat(LeakedThreads.ofTransports()).isEmpty();
  }

  @Test
  void https_goes_through_a_tunnel_and_the_receiver_sees_no_credentials() throws Exception {
    try (HostileReceiver receiver =
            HostileReceiver.overTls(
                certificates.serverContext("hook"), HostileBehaviors.RESPONDS_204);
        RecordingProxy proxy = RecordingProxy.to(receiver.port());
        TransportFixture transport = withProxy("user:p%40ss@", proxy.port())) {

      assertThat(transport.post("https://hook.test/path", LONG_TIMEOUT))
          .isEqualTo(Responded.of(204));
      assertThat(transport.post("https://hook.test/path", LONG_TIMEOUT))
          .isEqualTo(Responded.of(204));

      assertThat(proxy.requestHeads().getFirst())
          .startsWith("CONNECT hook.test:443 HTTP/1.1\r\n")
          .contains("Proxy-Authorization: Basic dXNlcjpwQHNz\r\n")
          .doesNotContain("/path");
      assertThat(receiver.requests())
          .hasSize(2)
          .allSatisfy(request ->
              assertThat(request).startsWith("POST /path").doesNotContain("Proxy-Authorization"));
    }
  }

  @Test
  void the_receivers_certificate_is_checked_through_the_tunnel() throws Exception {
    try (HostileReceiver receiver =
            HostileReceiver.overTls(
                certificates.serverContext("elsewhere"), HostileBehaviors.RESPONDS_204);
        RecordingProxy proxy = RecordingProxy.to(receiver.port());
        TransportFixture transport = withProxy("", proxy.port())) {

      Outcome outcome = transport.post("https://hook.test/", LONG_TIMEOUT);

      assertThat(outcome.error().orElseThrow()).contains("for another host (elsewhere.test)");
      assertThat(receiver.requests()).isEmpty();
    }
  }

  @Test
  void http_requests_are_forwarded_by_the_proxy() throws Exception {
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        RecordingProxy proxy = RecordingProxy.to(receiver.port());
        TransportFixture transport = withProxy("user:pw@", proxy.port())) {

      assertThat(transport.post("http://hook.test/path", LONG_TIMEOUT))
          .isEqualTo(Responded.of(204));

      assertThat(proxy.requestHeads().getFirst())
          .startsWith("POST http://hook.test/path HTTP/1.1\r\n")
          .contains("Proxy-Authorization: Basic dXNlcjpwdw==\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://inside.test/", "http://10.0.0.1/", "http://127.0.0.1/", "http://[::1]/"})
  void a_forbidden_target_is_blocked_without_contacting_the_proxy(String url) throws Exception {
    try (RecordingProxy proxy = RecordingProxy.respondingWith("200 OK");
        TransportFixture transport = withProxy("", proxy.port())) {
      assertThat(transport.post(url, LONG_TIMEOUT)).isInstanceOf(Blocked.class);

      assertThat(proxy.requestHeads()).isEmpty();
    }
  }

  @Test
  void responses_of_the_proxy_are_distinguished_from_those_of_the_receiver() throws Exception {
    assertThat(postThrough("407 Proxy Authentication Required", "https"))
        .isInstanceOfSatisfying(
            InternalFailure.class,
            seen -> assertThat(seen.detail()).contains("rejected the configured credentials"));
    assertThat(postThrough("407 Proxy Authentication Required", "http"))
        .isInstanceOf(InternalFailure.class);
    assertThat(postThrough("403 Forbidden", "https"))
        .isEqualTo(new Blocked("egress proxy (status 403)"));
    assertThat(postThrough("502 Bad Gateway", "https"))
        .isInstanceOfSatisfying(
            NoResponse.class, seen -> assertThat(seen.cause()).isEqualTo(Cause.CONNECTION_REFUSED));
  }

  @Test
  void an_unreachable_proxy_is_not_blamed_on_the_receiver() throws Exception {
    int port;
    try (RecordingProxy proxy = RecordingProxy.respondingWith("200 OK")) {
      port = proxy.port();
    }
    try (TransportFixture transport = withProxy("user:hush@", port)) {
      assertThat(transport.post("https://hook.test/", LONG_TIMEOUT))
          .isInstanceOfSatisfying(
              InternalFailure.class,
              seen ->
                  assertThat(seen.detail())
                      .contains("http://127.0.0.1:" + port + " is unreachable")
                      .doesNotContain("hush"));
    }
  }

  @Test
  void credentials_are_never_printed() {
    EgressProxy proxy = EgressProxy.parse("http://user:hush@proxy.example.com:3128");

    assertThat(proxy).hasToString("http://proxy.example.com:3128");
    assertThat(proxy.host()).isEqualTo("proxy.example.com");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "proxy.example.com:3128",
        "https://user:hush@proxy.example.com:3128",
        "socks5://user:hush@proxy.example.com:3128",
        "http://user:hush@proxy.example.com",
        "http://user:hush@proxy.example.com:0",
        "http://user:hush@proxy.example.com:70000",
        "http://user:hush@proxy.example.com:3128/path",
        "http://user:hush@proxy.example.com:3128?x",
        "http://user:hush@proxy.example.com:3128#x",
        "http://user:hu sh@proxy.example.com:3128",
        "http://user:hush@:3128"
      })
  void an_invalid_proxy_url_is_rejected_without_quoting_it(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EgressProxy.parse(url))
        .withMessageNotContaining("hush")
        .withMessageNotContaining("hu sh");
  }

  private static Outcome postThrough(String status, String scheme) throws Exception {
    try (RecordingProxy proxy = RecordingProxy.respondingWith(status);
        TransportFixture transport = withProxy("user:pw@", proxy.port())) {
      return transport.post(scheme + "://hook.test/", LONG_TIMEOUT);
    }
  }

  private static TransportFixture withProxy(String credentials, int port) throws Exception {
    X509Certificate ca = certificates.certificate("authority");
    TransportSettings settings =
        new TransportSettings(
            new EgressPolicy(List.of()),
            Duration.ofSeconds(5),
            List.of(ca),
            Optional.of(EgressProxy.parse("http://" + credentials + "127.0.0.1:" + port)));
    return TransportFixture.withResolver(
        settings, host -> List.of(host.equals("inside.test") ? PRIVATE : PUBLIC));
  }
}
