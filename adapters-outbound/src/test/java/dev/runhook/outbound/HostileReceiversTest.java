package dev.runhook.outbound;

import static dev.runhook.domain.delivery.Outcome.Cause.CONNECTION_REFUSED;
import static dev.runhook.domain.delivery.Outcome.Cause.CONNECTION_RESET;
import static dev.runhook.domain.delivery.Outcome.Cause.MALFORMED_RESPONSE;
import static dev.runhook.domain.delivery.Outcome.Cause.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.runhook.domain.delivery.Answer;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Answered;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.Unanswered;
import dev.runhook.outbound.HostileReceiver.Behaviour;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Whatever a receiver does: the right outcome, and no connection left open as the receiver sees
/// it, both a second after the timeout at the latest. What over TLS is different is in
/// [TlsReceiversTest], what happens to kept connections in [ConnectionsTest].
final class HostileReceiversTest {
  private static final Duration LATE = Duration.ofSeconds(1);

  @SuppressWarnings("NullAway.Init")
  private static Sender sender;

  @BeforeAll
  static void open() {
    sender = Sender.toLoopback();
  }

  @AfterAll
  static void close() throws InterruptedException {
    sender.close();
    assertThat(Threads.leftOfTransports()).isEmpty();
  }

  @Test
  void a_refused_connection_is_told_as_such() throws Exception {
    int port;
    try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      port = nobody.getLocalPort();
    }

    Outcome outcome = sender.post("http://127.0.0.1:" + port + "/hook?key=secret");

    assertThat(outcome)
        .isEqualTo(
            new Unanswered(
                CONNECTION_REFUSED,
                "127.0.0.1:"
                    + port
                    + " refused the connection; check that the receiver runs and listens on that port"));
  }

  @Test
  void no_answer_at_all() throws Exception {
    unanswered(Behaviours.HANGS_BEFORE_HEADERS, TIMEOUT, "answer first, then do the work");
    unanswered(Behaviours.DRIPS_HEADERS, TIMEOUT, "answer first, then do the work");
    unanswered(Behaviours.RESETS, CONNECTION_RESET, "without an answer");
    unanswered(Behaviours.CLOSES_WITHOUT_ANSWER, CONNECTION_RESET, "without an answer");
    unanswered(Behaviours.CLOSES_IN_HEADERS, CONNECTION_RESET, "in the middle of its headers");
  }

  @Test
  void an_answer_that_is_no_http() throws Exception {
    unanswered(Behaviours.SAYS_GARBAGE, MALFORMED_RESPONSE, "Invalid status line");
    unanswered(Behaviours.LENGTH_IS_A_WORD, MALFORMED_RESPONSE, "abc");
    unanswered(Behaviours.LENGTH_IS_BEYOND_NUMBERS, MALFORMED_RESPONSE, "9223372036854775808");
    unanswered(Behaviours.LENGTH_IS_NEGATIVE, MALFORMED_RESPONSE, "-7");
    unanswered(Behaviours.FLOODS_HEADERS, MALFORMED_RESPONSE, "Header size too big");
    unanswered(Behaviours.FLOODS_INTERIM_ANSWERS, MALFORMED_RESPONSE, "Too many interim responses");
    unanswered(Behaviours.SWITCHES_PROTOCOL, MALFORMED_RESPONSE, "101");
  }

  @Test
  void a_body_that_breaks_or_never_ends_changes_nothing() throws Exception {
    assertThat(answered(Behaviours.RESETS_IN_BODY)).isEqualTo("200 start…");
    assertThat(answered(Behaviours.CLOSES_IN_BODY)).isEqualTo("200 start…");
    assertThat(answered(Behaviours.ANNOUNCES_A_BODY_WITH_204)).isEqualTo("204 ");
    assertThat(answered(Behaviours.BREAKS_CHUNKS)).isEqualTo("200 …");
    assertThat(answered(Behaviours.GOES_SILENT_IN_BODY)).isEqualTo("200 start…");
    assertThat(answered(Behaviours.GOES_SILENT_BEFORE_BODY)).isEqualTo("500 …");
    assertThat(answered(Behaviours.DRIPS_BODY)).matches("200 b+…");
    assertThat(answered(Behaviours.NEVER_ENDS_BODY))
        .isEqualTo("200 " + "c".repeat(FirstBytes.LIMIT) + "…");
  }

  @Test
  void who_speaks_http_2_unasked_is_not_understood() throws Exception {
    unanswered(Behaviours.SENDS_GOAWAY, TIMEOUT, "no full status line");
    unanswered(
        Behaviours.SENDS_GOAWAY_AND_CLOSES, CONNECTION_RESET, "in the middle of its headers");
  }

  @Test
  void a_circle_of_redirects_is_not_entered() throws Exception {
    try (HostileReceiver receiver = HostileReceiver.that(Behaviours.REDIRECTS_IN_CIRCLES)) {
      Outcome outcome = sender.post(url(receiver));

      assertThat(text(outcome)).isEqualTo("302 ");
      assertThat(outcome.isDelivered()).isFalse();
      assertThat(receiver.awaitAllClosed(ClientProperties.keepAlive().multipliedBy(3)))
          .as("its connection is kept for a while, as after any proper answer")
          .isTrue();
      assertThat(receiver.requests()).hasSize(1);
    }
  }

  @Test
  void two_lengths_are_read_as_the_first() throws Exception {
    try (HostileReceiver receiver = HostileReceiver.that(Behaviours.TWO_LENGTHS)) {
      assertThat(text(sender.post(url(receiver)))).isEqualTo("200 start");
    }
  }

  private static void unanswered(Behaviour behaviour, Cause cause, String words)
      throws IOException, InterruptedException {
    Outcome outcome = postAndSeeClosed(behaviour);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Unanswered.class,
            seen -> {
              assertThat(seen.detail()).contains(words).doesNotContain("secret");
              assertThat(seen.cause()).isEqualTo(cause);
            });
  }

  private static String answered(Behaviour behaviour) throws IOException, InterruptedException {
    return text(postAndSeeClosed(behaviour));
  }

  private static Outcome postAndSeeClosed(Behaviour behaviour)
      throws IOException, InterruptedException {
    try (HostileReceiver receiver = HostileReceiver.that(behaviour)) {
      Deadline late = Deadline.in(Sender.TIMEOUT.plus(LATE));
      Outcome outcome = sender.post(url(receiver));
      assertThat(late.isOver()).as("still in time").isFalse();
      assertThat(receiver.awaitAllClosed(late.left())).as("no connection is left").isTrue();
      assertThat(receiver.requests()).hasSize(1);
      return outcome;
    }
  }

  private static String text(Outcome outcome) {
    return outcome instanceof Answered(Answer answer, _)
        ? answer.status() + " " + answer.bodyStart() + (answer.truncated() ? "…" : "")
        : fail("not answered: " + outcome);
  }

  private static String url(HostileReceiver receiver) {
    return "http://127.0.0.1:" + receiver.port() + "/hook?key=secret";
  }
}
