package dev.runhook.outbound.http;

import static dev.runhook.domain.delivery.Outcome.Cause.CONNECTION_REFUSED;
import static dev.runhook.domain.delivery.Outcome.Cause.CONNECTION_RESET;
import static dev.runhook.domain.delivery.Outcome.Cause.MALFORMED_RESPONSE;
import static dev.runhook.domain.delivery.Outcome.Cause.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.domain.delivery.Outcome.Responded;
import dev.runhook.domain.delivery.ReceiverResponse;
import dev.runhook.outbound.http.HostileReceiver.Behavior;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Whatever a receiver does: the right outcome, and no connection left open as the receiver sees
/// it, both a second after the timeout at the latest. What over TLS is different is in
/// [TlsReceiversTest], what happens to kept connections in [ConnectionReuseTest].
final class HostileReceiversTest {
  private static final Duration LATE = Duration.ofSeconds(1);

  @SuppressWarnings("NullAway.Init")
  private static TransportFixture transportFixture;

  @BeforeAll
  static void open() {
    transportFixture = TransportFixture.toLoopback();
  }

  @AfterAll
  static void close() throws InterruptedException {
    transportFixture.close();
    assertThat(LeakedThreads.ofTransports()).isEmpty();
  }

  @Test
  void a_refused_connection_is_told_as_such() throws Exception {
    int port;
    try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      port = nobody.getLocalPort();
    }

    Outcome outcome = transportFixture.post("http://127.0.0.1:" + port + "/hook?key=secret");

    assertThat(outcome)
        .isEqualTo(
            new NoResponse(
                CONNECTION_REFUSED,
                "127.0.0.1:"
                    + port
                    + " refused the connection; check that the receiver runs and listens on that port"));
  }

  @Test
  void no_answer_at_all() throws Exception {
    unanswered(HostileBehaviors.HANGS_BEFORE_HEADERS, TIMEOUT, "answer first, then do the work");
    unanswered(HostileBehaviors.DRIPS_HEADERS, TIMEOUT, "answer first, then do the work");
    unanswered(HostileBehaviors.RESETS, CONNECTION_RESET, "without an answer");
    unanswered(HostileBehaviors.CLOSES_WITHOUT_RESPONSE, CONNECTION_RESET, "without an answer");
    unanswered(
        HostileBehaviors.CLOSES_IN_HEADERS, CONNECTION_RESET, "in the middle of its headers");
  }

  @Test
  void an_answer_that_is_no_http() throws Exception {
    unanswered(HostileBehaviors.SENDS_GARBAGE, MALFORMED_RESPONSE, "Invalid status line");
    unanswered(HostileBehaviors.LENGTH_IS_A_WORD, MALFORMED_RESPONSE, "abc");
    unanswered(HostileBehaviors.LENGTH_OVERFLOWS, MALFORMED_RESPONSE, "9223372036854775808");
    unanswered(HostileBehaviors.LENGTH_IS_NEGATIVE, MALFORMED_RESPONSE, "-7");
    unanswered(HostileBehaviors.FLOODS_HEADERS, MALFORMED_RESPONSE, "Header size too big");
    unanswered(
        HostileBehaviors.FLOODS_INTERIM_RESPONSES,
        MALFORMED_RESPONSE,
        "Too many interim responses");
    unanswered(HostileBehaviors.SWITCHES_PROTOCOL, MALFORMED_RESPONSE, "101");
  }

  @Test
  void a_body_that_breaks_or_never_ends_changes_nothing() throws Exception {
    assertThat(answered(HostileBehaviors.RESETS_IN_BODY)).isEqualTo("200 start…");
    assertThat(answered(HostileBehaviors.CLOSES_IN_BODY)).isEqualTo("200 start…");
    assertThat(answered(HostileBehaviors.SENDS_204_WITH_BODY)).isEqualTo("204 ");
    assertThat(answered(HostileBehaviors.BREAKS_CHUNKS)).isEqualTo("200 …");
    assertThat(answered(HostileBehaviors.GOES_SILENT_IN_BODY)).isEqualTo("200 start…");
    assertThat(answered(HostileBehaviors.GOES_SILENT_BEFORE_BODY)).isEqualTo("500 …");
    assertThat(answered(HostileBehaviors.DRIPS_BODY)).matches("200 b+…");
    assertThat(answered(HostileBehaviors.NEVER_ENDS_BODY))
        .isEqualTo("200 " + "c".repeat(BoundedBodySubscriber.MAX_BYTES) + "…");
  }

  @Test
  void who_speaks_http_2_unasked_is_not_understood() throws Exception {
    unanswered(HostileBehaviors.SENDS_GOAWAY, TIMEOUT, "no full status line");
    unanswered(
        HostileBehaviors.SENDS_GOAWAY_AND_CLOSES, CONNECTION_RESET, "in the middle of its headers");
  }

  @Test
  void a_circle_of_redirects_is_not_entered() throws Exception {
    try (HostileReceiver receiver =
        HostileReceiver.behaving(HostileBehaviors.REDIRECTS_TO_ITSELF)) {
      Outcome outcome = transportFixture.post(url(receiver));

      assertThat(text(outcome)).isEqualTo("302 ");
      assertThat(outcome.isDelivered()).isFalse();
      assertThat(receiver.awaitAllClosed(HttpClientProperties.keepAliveTimeout().multipliedBy(3)))
          .as("its connection is kept for a while, as after any proper answer")
          .isTrue();
      assertThat(receiver.requests()).hasSize(1);
    }
  }

  @Test
  void two_lengths_are_read_as_the_first() throws Exception {
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.TWO_LENGTHS)) {
      assertThat(text(transportFixture.post(url(receiver)))).isEqualTo("200 start");
    }
  }

  private static void unanswered(Behavior behavior, Cause cause, String words)
      throws IOException, InterruptedException {
    Outcome outcome = postAndSeeClosed(behavior);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            NoResponse.class,
            seen -> {
              assertThat(seen.detail()).contains(words).doesNotContain("secret");
              assertThat(seen.cause()).isEqualTo(cause);
            });
  }

  private static String answered(Behavior behavior) throws IOException, InterruptedException {
    return text(postAndSeeClosed(behavior));
  }

  private static Outcome postAndSeeClosed(Behavior behavior)
      throws IOException, InterruptedException {
    try (HostileReceiver receiver = HostileReceiver.behaving(behavior)) {
      Deadline late = Deadline.after(TransportFixture.TIMEOUT.plus(LATE));
      Outcome outcome = transportFixture.post(url(receiver));
      assertThat(late.hasPassed()).as("still in time").isFalse();
      assertThat(receiver.awaitAllClosed(late.remaining())).as("no connection is left").isTrue();
      assertThat(receiver.requests()).hasSize(1);
      return outcome;
    }
  }

  private static String text(Outcome outcome) {
    return outcome instanceof Responded(ReceiverResponse receiverResponse, _)
        ? receiverResponse.status()
            + " "
            + receiverResponse.bodyExcerpt()
            + (receiverResponse.truncated() ? "…" : "")
        : fail("not answered: " + outcome);
  }

  private static String url(HostileReceiver receiver) {
    return "http://127.0.0.1:" + receiver.port() + "/hook?key=secret";
  }
}
