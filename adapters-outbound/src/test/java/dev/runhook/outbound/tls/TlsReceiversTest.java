package dev.runhook.outbound.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.delivery.Transport.Phase;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.domain.delivery.Outcome.Responded;
import dev.runhook.outbound.egress.LiteralAddress;
import dev.runhook.outbound.http.HostileBehaviors;
import dev.runhook.outbound.http.HostileConnection;
import dev.runhook.outbound.http.HostileReceiver;
import dev.runhook.outbound.http.HostileReceiver.Behavior;
import dev.runhook.outbound.http.HttpTransport;
import dev.runhook.outbound.http.LeakedThreads;
import dev.runhook.outbound.http.TransportFixture;
import dev.runhook.outbound.http.TransportSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
final class TlsReceiversTest {
  private static final Duration LONG_TIMEOUT = Duration.ofSeconds(20);

  @SuppressWarnings("NullAway.Init")
  private static TestCertificates certificates;

  @SuppressWarnings("NullAway.Init")
  private static TransportFixture transport;

  @BeforeAll
  static void createCertificates(@TempDir Path directory) throws Exception {
    certificates =
        new TestCertificates(directory)
            .authority("known-ca")
            .valid("valid", "known-ca")
            .expired("expired", "known-ca")
            .forHost("elsewhere", "elsewhere.test", "known-ca")
            .forAddressOnly("address-only", "known-ca")
            .authority("unknown-ca")
            .valid("from-unknown-ca", "unknown-ca")
            .selfSigned("self-signed");
    transport = TransportFixture.trusting(certificates.certificate("known-ca"));
  }

  @AfterAll
  static void close() throws InterruptedException {
    transport.close();
    assertThat(LeakedThreads.ofTransports()).isEmpty();
  }

  @Test
  void a_valid_certificate_is_accepted_and_the_connection_is_reused() throws Exception {
    try (HostileReceiver receiver =
        HostileReceiver.overTls(
            certificates.serverContext("valid"), HostileBehaviors.RESPONDS_204)) {
      assertThat(transport.post("https://127.0.0.1:" + receiver.port() + "/", LONG_TIMEOUT))
          .isEqualTo(Responded.of(204));
      assertThat(transport.post("https://127.0.0.1:" + receiver.port() + "/", LONG_TIMEOUT))
          .isEqualTo(Responded.of(204));
      assertThat(transport.post("https://localhost:" + receiver.port() + "/", LONG_TIMEOUT))
          .isEqualTo(Responded.of(204));
      assertThat(receiver.connectionCount()).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void a_connection_is_reported_after_its_tls_handshake_and_before_the_response() throws Exception {
    CompletableFuture<Phase> connected = new CompletableFuture<>();
    Behavior waits =
        connection -> {
          connection.readRequest();
          connected.join();
          connection.write("HTTP/1.1 204 No Content\r\n\r\n");
        };
    List<Phase> phases = new CopyOnWriteArrayList<>();
    List<Phase> ofExpired = new CopyOnWriteArrayList<>();
    List<Phase> ofUnknown = new CopyOnWriteArrayList<>();
    try (HostileReceiver receiver =
            HostileReceiver.overTls(certificates.serverContext("valid"), waits);
        HostileReceiver expired =
            HostileReceiver.overTls(
                certificates.serverContext("expired"), HostileBehaviors.RESPONDS_204)) {
      Outcome outcome =
          transport.post(
              "https://127.0.0.1:" + receiver.port() + "/",
              LONG_TIMEOUT,
              phase -> {
                phases.add(phase);
                if (phase == Phase.CONNECTED) {
                  connected.complete(phase);
                }
              });
      transport.post("https://127.0.0.1:" + expired.port() + "/", LONG_TIMEOUT, ofExpired::add);
      transport.post("https://name.invalid/", LONG_TIMEOUT, ofUnknown::add);

      assertThat(outcome).isEqualTo(Responded.of(204));
    }
    assertThat(phases).containsExactly(Phase.RESOLVED, Phase.CONNECTED);
    assertThat(ofExpired).containsExactly(Phase.RESOLVED);
    assertThat(ofUnknown).isEmpty();
  }

  @Test
  void an_invalid_certificate_is_rejected_with_the_reason() throws Exception {
    assertThat(failure("expired"))
        .contains("has expired (the receiver's own on 20")
        .endsWith("; renew it");
    assertThat(failure("elsewhere")).contains("for another host (elsewhere.test)");
    assertThat(failure("from-unknown-ca")).contains("unknown authority");
    assertThat(failure("self-signed")).contains("self-signed");
  }

  @Test
  void a_certificate_for_the_address_is_not_valid_for_the_name() throws Exception {
    try (HostileReceiver receiver =
        HostileReceiver.overTls(
            certificates.serverContext("address-only"), HostileBehaviors.RESPONDS_204)) {
      Outcome byName = transport.post("https://localhost:" + receiver.port() + "/", LONG_TIMEOUT);

      assertThat(byName)
          .isInstanceOfSatisfying(
              NoResponse.class, seen -> assertThat(seen.cause()).isEqualTo(Cause.TLS_FAILURE));
      assertThat(byName.error().orElseThrow()).contains("for another host (127.0.0.1)");
      assertThat(receiver.requests()).isEmpty();
      assertThat(transport.post("https://127.0.0.1:" + receiver.port() + "/", LONG_TIMEOUT))
          .isEqualTo(Responded.of(204));
    }
  }

  /// The first name leaves a connection and a TLS session of the same address and port behind.
  @Test
  void a_connection_to_one_name_is_not_used_for_another_at_the_same_address() throws Exception {
    TransportSettings settings =
        TransportSettings.of(TransportFixture.LOOPBACK)
            .withExtraCaCertificates(List.of(certificates.certificate("known-ca")));
    try (HostileReceiver receiver =
            HostileReceiver.overTls(
                certificates.serverContext("elsewhere"), HostileBehaviors.RESPONDS_204);
        TransportFixture names =
            TransportFixture.withResolver(
                settings, ignored -> List.of(LiteralAddress.of("127.0.0.1")))) {
      String port = ":" + receiver.port() + "/";

      Outcome first = names.post("https://elsewhere.test" + port, LONG_TIMEOUT);
      Outcome other = names.post("https://other.test" + port, LONG_TIMEOUT);
      Outcome second = names.post("https://Elsewhere.Test" + port, LONG_TIMEOUT);

      assertThat(List.of(first, second)).containsOnly(Responded.of(204));
      assertThat(other.error().orElseThrow()).contains("for another host (elsewhere.test)");
      assertThat(receiver.connectionCount()).isEqualTo(2);
      assertThat(receiver.requests()).hasSize(2);
      assertThat(receiver.requests().getFirst())
          .contains("Host: elsewhere.test" + ":" + receiver.port());
    }
  }

  @Test
  void an_unknown_ca_and_a_self_signed_certificate_are_accepted_if_they_are_in_the_file(
      @TempDir Path directory) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("certificates.pem"),
            certificates.pem("unknown-ca") + certificates.pem("self-signed"));
    TransportSettings settings =
        TransportSettings.of(TransportFixture.LOOPBACK)
            .withExtraCaCertificates(ExtraCaCertificates.read(file));
    try (TransportFixture trusting =
        new TransportFixture(new HttpTransport(settings, TransportFixture.CLOCK))) {
      for (String alias : new String[] {"from-unknown-ca", "self-signed"}) {
        try (HostileReceiver receiver =
            HostileReceiver.overTls(
                certificates.serverContext(alias), HostileBehaviors.RESPONDS_204)) {
          assertThat(trusting.post("https://127.0.0.1:" + receiver.port() + "/", LONG_TIMEOUT))
              .isEqualTo(Responded.of(204));
        }
      }
      try (HostileReceiver receiver =
          HostileReceiver.overTls(
              certificates.serverContext("valid"), HostileBehaviors.RESPONDS_204)) {
        assertThat(
                trusting
                    .post("https://127.0.0.1:" + receiver.port() + "/", LONG_TIMEOUT)
                    .error()
                    .orElseThrow())
            .contains("unknown authority");
      }
    }
  }

  @Test
  void the_platform_does_not_know_the_ca_of_the_test() throws Exception {
    try (TransportFixture standard = TransportFixture.toLoopback();
        HostileReceiver receiver =
            HostileReceiver.overTls(
                certificates.serverContext("valid"), HostileBehaviors.RESPONDS_204)) {
      Outcome outcome = standard.post("https://127.0.0.1:" + receiver.port() + "/", LONG_TIMEOUT);

      assertThat(outcome.error().orElseThrow()).contains("unknown authority");
      assertThat(receiver.requests()).isEmpty();
    }
  }

  @Test
  void a_receiver_without_tls_is_reported_as_such() throws Exception {
    Behavior plain = connection -> connection.write("HTTP/1.1 400 Bad Request\r\n\r\n");
    try (HostileReceiver receiver = HostileReceiver.behaving(plain)) {
      Outcome outcome = transport.post("https://127.0.0.1:" + receiver.port() + "/", LONG_TIMEOUT);

      assertThat(outcome)
          .isInstanceOfSatisfying(
              NoResponse.class, seen -> assertThat(seen.cause()).isEqualTo(Cause.TLS_FAILURE));
      assertThat(outcome.error().orElseThrow()).contains("does not speak TLS");
      assertThat(receiver.awaitAllClosed()).isTrue();
    }
  }

  @Test
  void a_hanging_handshake_times_out() throws Exception {
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileConnection::awaitEnd)) {
      Outcome outcome = transport.post("https://127.0.0.1:" + receiver.port() + "/");

      assertThat(outcome)
          .isInstanceOfSatisfying(
              NoResponse.class, seen -> assertThat(seen.cause()).isEqualTo(Cause.TIMEOUT));
      assertThat(receiver.awaitAllClosed()).isTrue();
    }
  }

  @Test
  void an_unsolicited_http_2_response_is_not_understood() throws Exception {
    SSLContext tls = certificates.serverContext("valid");
    for (Behavior behavior :
        new Behavior[] {HostileBehaviors.SENDS_GOAWAY, HostileBehaviors.SENDS_GOAWAY_AND_CLOSES}) {
      try (HostileReceiver receiver = HostileReceiver.overTls(tls, behavior)) {
        assertThat(transport.post("https://127.0.0.1:" + receiver.port() + "/"))
            .isInstanceOf(NoResponse.class);
        assertThat(receiver.awaitAllClosed()).isTrue();
      }
    }
  }

  @Test
  void a_malformed_response_over_tls_leaves_no_connection_open() throws Exception {
    try (HostileReceiver receiver =
        HostileReceiver.overTls(
            certificates.serverContext("valid"), HostileBehaviors.SENDS_GARBAGE)) {
      assertThat(transport.post("https://127.0.0.1:" + receiver.port() + "/"))
          .isInstanceOf(NoResponse.class);
      assertThat(receiver.awaitAllClosed()).isTrue();
    }
  }

  @Test
  void an_endless_body_over_tls_is_aborted() throws Exception {
    SSLContext tls = certificates.serverContext("valid");
    for (Behavior behavior :
        new Behavior[] {
          HostileBehaviors.GOES_SILENT_IN_BODY,
          HostileBehaviors.NEVER_ENDS_BODY,
          HostileBehaviors.DRIPS_BODY
        }) {
      try (HostileReceiver receiver = HostileReceiver.overTls(tls, behavior)) {
        assertThat(transport.post("https://127.0.0.1:" + receiver.port() + "/").isDelivered())
            .isTrue();
        assertThat(receiver.awaitAllClosed()).isTrue();
      }
    }
  }

  private static String failure(String alias) throws Exception {
    try (HostileReceiver receiver =
        HostileReceiver.overTls(certificates.serverContext(alias), HostileBehaviors.RESPONDS_204)) {
      Outcome outcome = transport.post("https://127.0.0.1:" + receiver.port() + "/", LONG_TIMEOUT);

      assertThat(receiver.requests()).isEmpty();
      assertThat(receiver.awaitAllClosed()).isTrue();
      assertThat(outcome)
          .isInstanceOfSatisfying(
              NoResponse.class, seen -> assertThat(seen.cause()).isEqualTo(Cause.TLS_FAILURE));
      return outcome.error().orElseThrow();
    }
  }
}
