package dev.runhook.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Answered;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.Unanswered;
import dev.runhook.outbound.HostileReceiver.Behaviour;
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
  private static Certificates certificates;

  @SuppressWarnings("NullAway.Init")
  private static Sender sender;

  @BeforeAll
  static void make(@TempDir Path folder) throws Exception {
    certificates =
        new Certificates(folder)
            .authority("known-authority")
            .fit("fit", "known-authority")
            .expired("expired", "known-authority")
            .forHost("elsewhere", "elsewhere.test", "known-authority")
            .forAddressOnly("address-only", "known-authority")
            .authority("stranger")
            .fit("of-stranger", "stranger")
            .selfSigned("self-signed");
    sender = Sender.trusting(certificates.certificate("known-authority"));
  }

  @AfterAll
  static void close() throws InterruptedException {
    sender.close();
    assertThat(Threads.leftOfTransports()).isEmpty();
  }

  @Test
  void a_fit_certificate_is_accepted_and_its_connection_kept() throws Exception {
    try (HostileReceiver receiver =
        HostileReceiver.overTls(certificates.showing("fit"), Behaviours.ANSWERS_204)) {
      assertThat(sender.post("https://127.0.0.1:" + receiver.port() + "/", PATIENT))
          .isEqualTo(Answered.of(204));
      assertThat(sender.post("https://127.0.0.1:" + receiver.port() + "/", PATIENT))
          .isEqualTo(Answered.of(204));
      assertThat(sender.post("https://localhost:" + receiver.port() + "/", PATIENT))
          .isEqualTo(Answered.of(204));
      assertThat(receiver.accepted()).isLessThanOrEqualTo(2);
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
        HostileReceiver.overTls(certificates.showing("address-only"), Behaviours.ANSWERS_204)) {
      Outcome byName = sender.post("https://localhost:" + receiver.port() + "/", PATIENT);

      assertThat(byName)
          .isInstanceOfSatisfying(
              Unanswered.class, seen -> assertThat(seen.cause()).isEqualTo(Cause.TLS_FAILURE));
      assertThat(byName.error().orElseThrow()).contains("for another host (127.0.0.1)");
      assertThat(receiver.requests()).isEmpty();
      assertThat(sender.post("https://127.0.0.1:" + receiver.port() + "/", PATIENT))
          .isEqualTo(Answered.of(204));
    }
  }

  @Test
  void a_stranger_and_a_self_signed_one_are_accepted_once_they_are_in_the_file(@TempDir Path folder)
      throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("authorities.pem"),
            certificates.pem("stranger") + certificates.pem("self-signed"));
    TransportSettings settings =
        TransportSettings.of(Sender.LOOPBACK).trusting(ExtraAuthorities.read(file));
    try (Sender trusting =
        new Sender(new HttpTransport(settings, Sender.CLOCK, GuardedResolver::systemAddresses))) {
      for (String alias : new String[] {"of-stranger", "self-signed"}) {
        try (HostileReceiver receiver =
            HostileReceiver.overTls(certificates.showing(alias), Behaviours.ANSWERS_204)) {
          assertThat(trusting.post("https://127.0.0.1:" + receiver.port() + "/", PATIENT))
              .isEqualTo(Answered.of(204));
        }
      }
      try (HostileReceiver receiver =
          HostileReceiver.overTls(certificates.showing("fit"), Behaviours.ANSWERS_204)) {
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
    try (Sender usual = Sender.toLoopback();
        HostileReceiver receiver =
            HostileReceiver.overTls(certificates.showing("fit"), Behaviours.ANSWERS_204)) {
      Outcome outcome = usual.post("https://127.0.0.1:" + receiver.port() + "/", PATIENT);

      assertThat(outcome.error().orElseThrow()).contains("unknown authority");
      assertThat(receiver.requests()).isEmpty();
    }
  }

  @Test
  void who_does_not_speak_tls_is_told_so() throws Exception {
    Behaviour plain = connection -> connection.write("HTTP/1.1 400 Bad Request\r\n\r\n");
    try (HostileReceiver receiver = HostileReceiver.that(plain)) {
      Outcome outcome = sender.post("https://127.0.0.1:" + receiver.port() + "/", PATIENT);

      assertThat(outcome)
          .isInstanceOfSatisfying(
              Unanswered.class, seen -> assertThat(seen.cause()).isEqualTo(Cause.TLS_FAILURE));
      assertThat(outcome.error().orElseThrow()).contains("does not speak TLS");
      assertThat(receiver.awaitAllClosed(Duration.ofSeconds(1))).isTrue();
    }
  }

  @Test
  void a_handshake_that_hangs_is_over_in_time() throws Exception {
    try (HostileReceiver receiver = HostileReceiver.that(HostileConnection::awaitEnd)) {
      Outcome outcome = sender.post("https://127.0.0.1:" + receiver.port() + "/");

      assertThat(outcome)
          .isInstanceOfSatisfying(
              Unanswered.class, seen -> assertThat(seen.cause()).isEqualTo(Cause.TIMEOUT));
      assertThat(receiver.awaitAllClosed(Duration.ofSeconds(1))).isTrue();
    }
  }

  @Test
  void who_speaks_http_2_unasked_is_not_understood() throws Exception {
    SSLContext tls = certificates.showing("fit");
    for (Behaviour behaviour :
        new Behaviour[] {Behaviours.SENDS_GOAWAY, Behaviours.SENDS_GOAWAY_AND_CLOSES}) {
      try (HostileReceiver receiver = HostileReceiver.overTls(tls, behaviour)) {
        assertThat(sender.post("https://127.0.0.1:" + receiver.port() + "/"))
            .isInstanceOf(Unanswered.class);
        assertThat(receiver.awaitAllClosed(Duration.ofSeconds(1))).isTrue();
      }
    }
  }

  @Test
  void garbage_over_tls_leaves_no_connection() throws Exception {
    try (HostileReceiver receiver =
        HostileReceiver.overTls(certificates.showing("fit"), Behaviours.SAYS_GARBAGE)) {
      assertThat(sender.post("https://127.0.0.1:" + receiver.port() + "/"))
          .isInstanceOf(Unanswered.class);
      assertThat(receiver.awaitAllClosed(Duration.ofSeconds(1))).isTrue();
    }
  }

  @Test
  void a_body_over_tls_that_never_ends_is_cut_off() throws Exception {
    SSLContext tls = certificates.showing("fit");
    for (Behaviour behaviour :
        new Behaviour[] {
          Behaviours.GOES_SILENT_IN_BODY, Behaviours.NEVER_ENDS_BODY, Behaviours.DRIPS_BODY
        }) {
      try (HostileReceiver receiver = HostileReceiver.overTls(tls, behaviour)) {
        assertThat(sender.post("https://127.0.0.1:" + receiver.port() + "/").isDelivered())
            .isTrue();
        assertThat(receiver.awaitAllClosed(Duration.ofSeconds(1))).isTrue();
      }
    }
  }

  private static String failure(String alias) throws Exception {
    try (HostileReceiver receiver =
        HostileReceiver.overTls(certificates.showing(alias), Behaviours.ANSWERS_204)) {
      Outcome outcome = sender.post("https://127.0.0.1:" + receiver.port() + "/", PATIENT);

      assertThat(receiver.requests()).isEmpty();
      assertThat(receiver.awaitAllClosed(Duration.ofSeconds(1))).isTrue();
      assertThat(outcome)
          .isInstanceOfSatisfying(
              Unanswered.class, seen -> assertThat(seen.cause()).isEqualTo(Cause.TLS_FAILURE));
      return outcome.error().orElseThrow();
    }
  }
}
