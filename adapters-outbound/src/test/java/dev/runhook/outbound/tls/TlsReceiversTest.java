package dev.runhook.outbound.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.domain.delivery.Outcome.Responded;
import dev.runhook.outbound.egress.FilteringResolver;
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
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TlsReceiversTest {
  private static final Duration PATIENT = Duration.ofSeconds(20);

  @SuppressWarnings("NullAway.Init")
  private static TestCertificates testCertificates;

  @SuppressWarnings("NullAway.Init")
  private static TransportFixture transportFixture;

  @BeforeAll
  static void make(@TempDir Path folder) throws Exception {
    testCertificates =
        new TestCertificates(folder)
            .authority("known-authority")
            .valid("fit", "known-authority")
            .expired("expired", "known-authority")
            .forHost("elsewhere", "elsewhere.test", "known-authority")
            .forAddressOnly("address-only", "known-authority")
            .authority("stranger")
            .valid("of-stranger", "stranger")
            .selfSigned("self-signed");
    transportFixture = TransportFixture.trusting(testCertificates.certificate("known-authority"));
  }

  @AfterAll
  static void close() throws InterruptedException {
    transportFixture.close();
    assertThat(LeakedThreads.ofTransports()).isEmpty();
  }

  @Test
  void a_fit_certificate_is_accepted_and_its_connection_kept() throws Exception {
    try (HostileReceiver receiver =
        HostileReceiver.overTls(
            testCertificates.serverContext("fit"), HostileBehaviors.RESPONDS_204)) {
      assertThat(transportFixture.post("https://127.0.0.1:" + receiver.port() + "/", PATIENT))
          .isEqualTo(Responded.of(204));
      assertThat(transportFixture.post("https://127.0.0.1:" + receiver.port() + "/", PATIENT))
          .isEqualTo(Responded.of(204));
      assertThat(transportFixture.post("https://localhost:" + receiver.port() + "/", PATIENT))
          .isEqualTo(Responded.of(204));
      assertThat(receiver.connectionCount()).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void an_unfit_certificate_is_refused_with_the_reason() throws Exception {
    assertThat(failure("expired")).contains("has expired (its own on 20").endsWith("; renew it");
    assertThat(failure("elsewhere")).contains("for another host (elsewhere.test)");
    assertThat(failure("of-stranger")).contains("unknown authority");
    assertThat(failure("self-signed")).contains("self-signed");
  }

  @Test
  void a_certificate_for_the_address_is_not_one_for_the_name() throws Exception {
    try (HostileReceiver receiver =
        HostileReceiver.overTls(
            testCertificates.serverContext("address-only"), HostileBehaviors.RESPONDS_204)) {
      Outcome byName = transportFixture.post("https://localhost:" + receiver.port() + "/", PATIENT);

      assertThat(byName)
          .isInstanceOfSatisfying(
              NoResponse.class, seen -> assertThat(seen.cause()).isEqualTo(Cause.TLS_FAILURE));
      assertThat(byName.error().orElseThrow()).contains("for another host (127.0.0.1)");
      assertThat(receiver.requests()).isEmpty();
      assertThat(transportFixture.post("https://127.0.0.1:" + receiver.port() + "/", PATIENT))
          .isEqualTo(Responded.of(204));
    }
  }

  @Test
  void a_stranger_and_a_self_signed_one_are_accepted_once_they_are_in_the_file(@TempDir Path folder)
      throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("authorities.pem"),
            testCertificates.pem("stranger") + testCertificates.pem("self-signed"));
    TransportSettings settings =
        TransportSettings.of(TransportFixture.LOOPBACK)
            .withExtraCaCertificates(ExtraCaCertificates.read(file));
    try (TransportFixture trusting =
        new TransportFixture(
            new HttpTransport(
                settings, TransportFixture.CLOCK, FilteringResolver::resolveUnfiltered))) {
      for (String alias : new String[] {"of-stranger", "self-signed"}) {
        try (HostileReceiver receiver =
            HostileReceiver.overTls(
                testCertificates.serverContext(alias), HostileBehaviors.RESPONDS_204)) {
          assertThat(trusting.post("https://127.0.0.1:" + receiver.port() + "/", PATIENT))
              .isEqualTo(Responded.of(204));
        }
      }
      try (HostileReceiver receiver =
          HostileReceiver.overTls(
              testCertificates.serverContext("fit"), HostileBehaviors.RESPONDS_204)) {
        assertThat(
                trusting
                    .post("https://127.0.0.1:" + receiver.port() + "/", PATIENT)
                    .error()
                    .orElseThrow())
            .contains("unknown authority");
      }
    }
  }

  @Test
  void the_platforms_authorities_alone_do_not_know_ours() throws Exception {
    try (TransportFixture usual = TransportFixture.toLoopback();
        HostileReceiver receiver =
            HostileReceiver.overTls(
                testCertificates.serverContext("fit"), HostileBehaviors.RESPONDS_204)) {
      Outcome outcome = usual.post("https://127.0.0.1:" + receiver.port() + "/", PATIENT);

      assertThat(outcome.error().orElseThrow()).contains("unknown authority");
      assertThat(receiver.requests()).isEmpty();
    }
  }

  @Test
  void who_does_not_speak_tls_is_told_so() throws Exception {
    Behavior plain = connection -> connection.write("HTTP/1.1 400 Bad Request\r\n\r\n");
    try (HostileReceiver receiver = HostileReceiver.behaving(plain)) {
      Outcome outcome =
          transportFixture.post("https://127.0.0.1:" + receiver.port() + "/", PATIENT);

      assertThat(outcome)
          .isInstanceOfSatisfying(
              NoResponse.class, seen -> assertThat(seen.cause()).isEqualTo(Cause.TLS_FAILURE));
      assertThat(outcome.error().orElseThrow()).contains("does not speak TLS");
      assertThat(receiver.awaitAllClosed(Duration.ofSeconds(1))).isTrue();
    }
  }

  @Test
  void a_handshake_that_hangs_is_over_in_time() throws Exception {
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileConnection::awaitEnd)) {
      Outcome outcome = transportFixture.post("https://127.0.0.1:" + receiver.port() + "/");

      assertThat(outcome)
          .isInstanceOfSatisfying(
              NoResponse.class, seen -> assertThat(seen.cause()).isEqualTo(Cause.TIMEOUT));
      assertThat(receiver.awaitAllClosed(Duration.ofSeconds(1))).isTrue();
    }
  }

  @Test
  void who_speaks_http_2_unasked_is_not_understood() throws Exception {
    SSLContext tls = testCertificates.serverContext("fit");
    for (Behavior behavior :
        new Behavior[] {HostileBehaviors.SENDS_GOAWAY, HostileBehaviors.SENDS_GOAWAY_AND_CLOSES}) {
      try (HostileReceiver receiver = HostileReceiver.overTls(tls, behavior)) {
        assertThat(transportFixture.post("https://127.0.0.1:" + receiver.port() + "/"))
            .isInstanceOf(NoResponse.class);
        assertThat(receiver.awaitAllClosed(Duration.ofSeconds(1))).isTrue();
      }
    }
  }

  @Test
  void garbage_over_tls_leaves_no_connection() throws Exception {
    try (HostileReceiver receiver =
        HostileReceiver.overTls(
            testCertificates.serverContext("fit"), HostileBehaviors.SENDS_GARBAGE)) {
      assertThat(transportFixture.post("https://127.0.0.1:" + receiver.port() + "/"))
          .isInstanceOf(NoResponse.class);
      assertThat(receiver.awaitAllClosed(Duration.ofSeconds(1))).isTrue();
    }
  }

  @Test
  void a_body_over_tls_that_never_ends_is_cut_off() throws Exception {
    SSLContext tls = testCertificates.serverContext("fit");
    for (Behavior behavior :
        new Behavior[] {
          HostileBehaviors.GOES_SILENT_IN_BODY,
          HostileBehaviors.NEVER_ENDS_BODY,
          HostileBehaviors.DRIPS_BODY
        }) {
      try (HostileReceiver receiver = HostileReceiver.overTls(tls, behavior)) {
        assertThat(
                transportFixture.post("https://127.0.0.1:" + receiver.port() + "/").isDelivered())
            .isTrue();
        assertThat(receiver.awaitAllClosed(Duration.ofSeconds(1))).isTrue();
      }
    }
  }

  private static String failure(String alias) throws Exception {
    try (HostileReceiver receiver =
        HostileReceiver.overTls(
            testCertificates.serverContext(alias), HostileBehaviors.RESPONDS_204)) {
      Outcome outcome =
          transportFixture.post("https://127.0.0.1:" + receiver.port() + "/", PATIENT);

      assertThat(receiver.requests()).isEmpty();
      assertThat(receiver.awaitAllClosed(Duration.ofSeconds(1))).isTrue();
      assertThat(outcome)
          .isInstanceOfSatisfying(
              NoResponse.class, seen -> assertThat(seen.cause()).isEqualTo(Cause.TLS_FAILURE));
      return outcome.error().orElseThrow();
    }
  }
}
