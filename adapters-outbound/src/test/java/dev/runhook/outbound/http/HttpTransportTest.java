package dev.runhook.outbound.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Code;
import dev.runhook.domain.delivery.Outcome.Responded;
import dev.runhook.domain.delivery.ReceiverResponse;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.domain.webhook.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HttpTransportTest {
  private static final Duration LONG_TIMEOUT = Duration.ofSeconds(20);
  private final TransportFixture transport = TransportFixture.toLoopback();

  @AfterEach
  void close() throws InterruptedException {
    transport.close();
    assertThat(LeakedThreads.ofTransports()).isEmpty();
  }

  @Test
  void exactly_the_given_headers_and_bytes_are_sent() throws Exception {
    Payload payload = Payload.of("{\"note\":\"naïve 🎉\"}");
    List<Header> headers =
        new ArrayList<>(
            List.of(
                new Header("Content-Type", "application/json"),
                new Header("User-Agent", "Runhook/1.0.0")));
    SigningKeys keys = SigningKeys.of(SigningSecret.parse("It's a Secret to Everybody"));
    headers.addAll(
        new WebhookSigner(true)
            .signatureHeaders(keys, "evt-1", TransportFixture.CLOCK.instant(), payload.bytes()));
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204)) {

      Outcome outcome =
          transport.post(
              new SignedRequest(
                  TransportFixture.ACME,
                  Endpoint.ofStored(url(receiver)),
                  headers,
                  payload,
                  LONG_TIMEOUT));

      assertThat(outcome).isEqualTo(Responded.of(204));
      String[] parts = receiver.requests().getFirst().split("\r\n\r\n", 2);
      List<String> expected =
          new ArrayList<>(
              headers.stream().map(header -> header.name() + ": " + header.value()).toList());
      expected.addAll(
          List.of(
              "POST /hook?x=%20y HTTP/1.1",
              "Host: 127.0.0.1:" + receiver.port(), "Content-Length: " + payload.length()));
      assertThat(parts[0].split("\r\n")).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(parts[1].getBytes(ISO_8859_1)).isEqualTo(payload.bytes());
    }
  }

  @Test
  void a_short_response_body_is_stored_completely_with_nul_replaced() throws Exception {
    String body = new String("pâté \0 \ud83c\udf89".getBytes(UTF_8), ISO_8859_1);
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.responds200(body))) {

      ReceiverResponse response = response(transport.post(url(receiver)));

      assertThat(response.bodyExcerpt()).isEqualTo("pâté \ufffd 🎉");
      assertThat(response.truncated()).isFalse();
    }
  }

  @Test
  void a_long_response_body_is_truncated() throws Exception {
    try (HostileReceiver exact =
            HostileReceiver.behaving(
                HostileBehaviors.responds200("x".repeat(DeliveryExchange.MAX_BODY_BYTES)));
        HostileReceiver longer =
            HostileReceiver.behaving(
                HostileBehaviors.responds200("x".repeat(DeliveryExchange.MAX_BODY_BYTES + 1)))) {

      ReceiverResponse whole = response(transport.post(url(exact)));
      ReceiverResponse cut = response(transport.post(url(longer)));

      assertThat(whole.truncated()).isFalse();
      assertThat(cut.truncated()).isTrue();
      assertThat(whole.bodyExcerpt())
          .isEqualTo(cut.bodyExcerpt())
          .hasSize(DeliveryExchange.MAX_BODY_BYTES);
      assertThat(longer.awaitAllClosed()).isTrue();
    }
  }

  @Test
  void a_long_response_body_is_cut_between_characters() throws Exception {
    String ascii = "x".repeat(DeliveryExchange.MAX_BODY_BYTES - 2);
    String body = new String((ascii + "🎉").getBytes(UTF_8), ISO_8859_1);
    try (HostileReceiver receiver = HostileReceiver.behaving(HostileBehaviors.responds200(body))) {

      ReceiverResponse response = response(transport.post(url(receiver)));

      assertThat(response.truncated()).isTrue();
      assertThat(response.bodyExcerpt()).isEqualTo(ascii);
    }
  }

  @Test
  void response_headers_are_limited_in_number_and_length() throws Exception {
    String many = "X-Many: v\r\n".repeat(90);
    String rawResponse =
        "HTTP/1.1 418 Teapot\r\nA-Long: "
            + "v".repeat(3000)
            + "\r\n"
            + many
            + "Content-Length: 0\r\n\r\n";
    try (HostileReceiver receiver =
        HostileReceiver.behaving(HostileBehaviors.respondsWith(rawResponse))) {

      ReceiverResponse response = response(transport.post(url(receiver)));

      assertThat(response.status()).isEqualTo(418);
      assertThat(response.headers())
          .hasSize(64)
          .contains(new Header("a-long", "v".repeat(1023) + "…"), new Header("x-many", "v"));
    }
  }

  @Test
  void a_redirect_is_a_response_and_is_not_followed() throws Exception {
    try (HostileReceiver elsewhere = HostileReceiver.behaving(HostileBehaviors.RESPONDS_204);
        HostileReceiver receiver =
            HostileReceiver.behaving(
                HostileBehaviors.respondsWith(
                    "HTTP/1.1 307 Temporary Redirect\r\nLocation: "
                        + url(elsewhere)
                        + "\r\nContent-Length: 0\r\n\r\n"))) {

      Outcome outcome = transport.post(url(receiver));

      assertThat(response(outcome).status()).isEqualTo(307);
      assertThat(outcome.code()).isEqualTo(Code.REJECTED);
      assertThat(elsewhere.connectionCount()).isZero();
    }
  }

  @Test
  void retry_after_is_part_of_the_outcome() throws Exception {
    try (HostileReceiver receiver =
        HostileReceiver.behaving(
            HostileBehaviors.respondsWith(
                "HTTP/1.1 429 Too Many\r\nRetry-After: 17\r\nContent-Length: 0\r\n\r\n"))) {

      Outcome outcome = transport.post(url(receiver));

      assertThat(outcome)
          .isInstanceOfSatisfying(
              Responded.class,
              seen -> assertThat(seen.retryAfter()).contains(Duration.ofSeconds(17)));
    }
  }

  private static ReceiverResponse response(Outcome outcome) {
    return outcome instanceof Responded(ReceiverResponse response, var ignored)
        ? response
        : fail("no response: " + outcome);
  }

  private static String url(HostileReceiver receiver) {
    return "http://127.0.0.1:" + receiver.port() + "/hook?x=%20y";
  }
}
