package dev.runhook.http.delivery;

import static dev.runhook.http.server.DeliveryFixture.ENDPOINT;
import static dev.runhook.http.server.DeliveryFixture.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.signing.Header;
import dev.runhook.http.server.DeliveryFixture;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A delivery shows the request that was sent, even if its webhook has changed since.
class RequestReconstructionTest {
  @AutoClose private final DeliveryFixture fixture = new DeliveryFixture();
  private final TestServer server = fixture.server;

  @Test
  void headers_are_shown_as_the_receiver_got_them_except_for_custom_values() {
    server.transport.enqueue(ENDPOINT, Outcome.Responded.of(500));
    fixture.startRun("r1");
    server.dispatch();
    TestResponse before = fixture.details();

    change();

    TestResponse after = fixture.details();
    SignedRequest sent = server.transport.requestsTo(ENDPOINT).getFirst();
    assertThat(after.at("/request")).isEqualTo(before.at("/request"));
    assertThat(after.at("/attempts")).isEqualTo(before.at("/attempts"));
    assertThat(after.textAt("/request/source")).isEqualTo("SENT");
    assertThat(after.at("/request/attempt").asInt()).isEqualTo(1);
    assertThat(after.textAt("/request/endpoint")).isEqualTo(ENDPOINT.text());
    assertThat(texts(sent)).containsEntry("X-Key", KEY);
    assertThat(texts(after.at("/request/headers"))).isEqualTo(masked(sent));
    assertThat(after.at("/attempts/0/requestHeaders")).isEqualTo(after.at("/request/headers"));
    assertThat(after.at("/attempts/0/endpoint")).isEqualTo(after.at("/request/endpoint"));
  }

  @Test
  void both_signatures_of_an_overlap_are_still_shown_later() {
    server.post(fixture.webhook + "/secret", "{\"overlap\":\"PT1H\"}").isOk();
    fixture.startRun("r1");
    server.dispatch();

    server.delete(fixture.webhook + "/previous-secret").is(204);

    SignedRequest sent = server.transport.requestsTo(ENDPOINT).getFirst();
    assertThat(texts(fixture.details().at("/request/headers"))).isEqualTo(masked(sent));
    assertThat(fixture.details().textAt("/request/headers/webhook-signature").split(" "))
        .hasSize(2);
  }

  @Test
  void an_unsent_delivery_shows_a_preview() {
    fixture.startRun("r1");

    TestResponse before = fixture.details();
    change();
    TestResponse after = fixture.details();

    assertThat(before.textAt("/request/source")).isEqualTo("PREVIEW");
    assertThat(before.textAt("/request/headers/X-Key")).isEqualTo("***");
    assertThat(after.textAt("/request/source")).isEqualTo("PREVIEW");
    assertThat(after.textAt("/request/headers/X-New")).isEqualTo("***");
    assertThat(after.at("/attempts")).isEmpty();
  }

  @Test
  void an_attempt_that_sent_nothing_shows_a_reconstructed_request() {
    server.transport.enqueue(ENDPOINT, new Outcome.Blocked("loopback 127.0.0.0/8"));
    fixture.startRun("r1");
    server.dispatch();

    assertThat(fixture.details().textAt("/request/source")).isEqualTo("RECONSTRUCTED");
    assertThat(fixture.details().at("/attempts/0/requestHeaders").isNull()).isTrue();
    assertThat(fixture.details().at("/attempts/0/endpoint").isNull()).isTrue();
  }

  @Test
  void each_attempt_shows_the_body_that_it_sent() {
    server.patch(fixture.webhook, "{\"format\":\"slack\"}").isOk();
    server.transport.enqueue(ENDPOINT, Outcome.Responded.of(500));
    fixture.startRun("r1");
    server.dispatch();

    server.patch(fixture.webhook, "{\"format\":\"runhook\"}").isOk();

    String sent = server.transport.requestsTo(ENDPOINT).getFirst().payload().text();
    assertThat(sent).startsWith("slack:");
    assertThat(fixture.details().textAt("/request/body")).isEqualTo(sent);
    assertThat(fixture.details().textAt("/attempts/0/requestBody")).isEqualTo(sent);
  }

  /// Changes the endpoint, the headers and the secret.
  private void change() {
    server
        .patch(
            fixture.webhook,
            "{\"endpoint\":\"https://hooks.example.com/other\",\"headers\":{\"X-New\":\"new\"}}")
        .isOk();
    server.post(fixture.webhook + "/secret", "{\"overlap\":\"PT0S\"}").isOk();
  }

  private static Map<String, String> texts(JsonNode headers) {
    return headers.properties().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().asText()));
  }

  private static Map<String, String> masked(SignedRequest request) {
    Map<String, String> texts = new HashMap<>(texts(request));
    texts.put("X-Key", "***");
    return texts;
  }

  private static Map<String, String> texts(SignedRequest request) {
    return request.headers().stream().collect(Collectors.toMap(Header::name, Header::value));
  }
}
