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
import dev.runhook.outbound.HttpClientProperties;
import dev.runhook.outbound.egress.LiteralAddress;
import dev.runhook.outbound.http.HostileReceiver.Behavior;
import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Every behavior of a receiver leads to the right outcome, and no connection is open more than
/// five seconds after the timeout. `TlsReceiversTest` covers TLS, and [ConnectionReuseTest] covers
/// keep-alive connections.
@Tag("slow")
final class HostileReceiversTest {
  @SuppressWarnings("NullAway.Init")
  private static TransportFixture transport;

  @BeforeAll
  static void open() {
    transport = TransportFixture.toLoopback();
  }

  @AfterAll
  static void close() throws InterruptedException {
    transport.close();
    assertThat(LeakedThreads.ofTransports()).isEmpty();
  }

  @Test
  void a_refused_connection_is_reported_with_a_fix() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, LiteralAddress.of("127.0.0.1"))) {
      port = closed.getLocalPort();
    }

    Outcome outcome = transport.post("http://127.0.0.1:" + port + "/hook?key=secret");

    assertThat(outcome)
        .isEqualTo(
            new NoResponse(
                CONNECTION_REFUSED,
                "127.0.0.1:"
                    + port
                    + " refused the connection; check that the receiver runs and listens on that"
                    + " port"));
  }

  @Test
  void a_missing_response_is_a_timeout_or_a_reset() throws Exception {
    assertNoResponse(
        HostileBehaviors.HANGS_BEFORE_HEADERS, TIMEOUT, "respond first, then process the delivery");
    assertNoResponse(
        HostileBehaviors.DRIPS_HEADERS, TIMEOUT, "respond first, then process the delivery");
    assertNoResponse(HostileBehaviors.RESETS, CONNECTION_RESET, "without a response");
    assertNoResponse(
        HostileBehaviors.CLOSES_WITHOUT_RESPONSE, CONNECTION_RESET, "without a response");
    assertNoResponse(
        HostileBehaviors.CLOSES_IN_HEADERS, CONNECTION_RESET, "while sending its headers");
  }

  @Test
  void a_malformed_response_is_reported_as_such() throws Exception {
    assertNoResponse(HostileBehaviors.SENDS_GARBAGE, MALFORMED_RESPONSE, "Invalid status line");
    assertNoResponse(HostileBehaviors.LENGTH_IS_A_WORD, MALFORMED_RESPONSE, "abc");
    assertNoResponse(HostileBehaviors.LENGTH_OVERFLOWS, MALFORMED_RESPONSE, "9223372036854775808");
    assertNoResponse(HostileBehaviors.LENGTH_IS_NEGATIVE, MALFORMED_RESPONSE, "-7");
    assertNoResponse(HostileBehaviors.FLOODS_HEADERS, MALFORMED_RESPONSE, "Header size too big");
    assertNoResponse(
        HostileBehaviors.FLOODS_INTERIM_RESPONSES,
        MALFORMED_RESPONSE,
        "Too many interim responses");
    assertNoResponse(HostileBehaviors.SWITCHES_PROTOCOL, MALFORMED_RESPONSE, "101");
  }

  @Test
  void a_broken_or_endless_body_does_not_change_the_outcome() throws Exception {
    assertThat(responseTo(HostileBehaviors.RESETS_IN_BODY)).isEqualTo("200 start…");
    assertThat(responseTo(HostileBehaviors.CLOSES_IN_BODY)).isEqualTo("200 start…");
    assertThat(responseTo(HostileBehaviors.SENDS_204_WITH_BODY)).isEqualTo("204 ");
    assertThat(responseTo(HostileBehaviors.BREAKS_CHUNKS)).isEqualTo("200 …");
    assertThat(responseTo(HostileBehaviors.GOES_SILENT_IN_BODY)).isEqualTo("200 start…");
    assertThat(responseTo(HostileBehaviors.GOES_SILENT_BEFORE_BODY)).isEqualTo("500 …");
    assertThat(responseTo(HostileBehaviors.DRIPS_BODY)).matches("200 b+…");
    assertThat(responseTo(HostileBehaviors.NEVER_ENDS_BODY))
        .isEqualTo("200 " + "c".repeat(DeliveryExchange.MAX_BODY_BYTES) + "…");
  }

  @Test
  void an_unsolicited_http_2_response_is_not_understood() throws Exception {
    assertNoResponse(
        HostileBehaviors.SENDS_GOAWAY, TIMEOUT, "did not send complete response headers");
    assertNoResponse(
        HostileBehaviors.SENDS_GOAWAY_AND_CLOSES, CONNECTION_RESET, "while sending its headers");
  }

  @Test
  void a_redirect_loop_is_not_followed() throws Exception {
    try (HostileReceiver receiver =
        HostileReceiver.behaving(HostileBehaviors.REDIRECTS_TO_ITSELF)) {
      Outcome outcome = transport.post(url(receiver));

      assertThat(text(outcome)).isEqualTo("302 ");
      assertThat(outcome.isDelivered()).isFalse();
      assertThat(receiver.awaitAllClosed(HttpClientProperties.keepAliveTimeout().multipliedBy(3)))
          .as("the connection is kept alive for a while, as after any valid response")
          .isTrue();
      assertThat(receiver.requests()).hasSize(1);
    }
  }

  @Test
  void the_first_of_two_content_lengths_is_used() throws Exception {
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.TWO_LENGTHS)) {
      assertThat(text(transport.post(url(receiver)))).isEqualTo("200 start");
    }
  }

  private static void assertNoResponse(Behavior behavior, Cause cause, String words)
      throws IOException, InterruptedException {
    Outcome outcome = postAndAwaitClose(behavior);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            NoResponse.class,
            seen -> {
              assertThat(seen.detail()).contains(words).doesNotContain("secret");
              assertThat(seen.cause()).isEqualTo(cause);
            });
  }

  private static String responseTo(Behavior behavior) throws IOException, InterruptedException {
    return text(postAndAwaitClose(behavior));
  }

  private static Outcome postAndAwaitClose(Behavior behavior)
      throws IOException, InterruptedException {
    try (HostileReceiver receiver = HostileReceiver.behaving(behavior)) {
      Deadline deadline = Deadline.after(TransportFixture.TIMEOUT.plus(HostileReceiver.SOON));
      Outcome outcome = transport.post(url(receiver));
      assertThat(deadline.hasPassed()).as("the deadline has passed").isFalse();
      assertThat(receiver.awaitAllClosed(deadline.remaining()))
          .as("all connections are closed")
          .isTrue();
      assertThat(receiver.requests()).hasSize(1);
      return outcome;
    }
  }

  private static String text(Outcome outcome) {
    return outcome instanceof Responded(ReceiverResponse response, var ignored)
        ? response.status() + " " + response.bodyExcerpt() + (response.truncated() ? "…" : "")
        : fail("no response: " + outcome);
  }

  private static String url(HostileReceiver receiver) {
    return "http://127.0.0.1:" + receiver.port() + "/hook?key=secret";
  }
}
