package dev.runhook.http;

import static dev.runhook.http.DeliveryScene.ENDPOINT;
import static dev.runhook.http.DeliveryScene.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.application.spi.SignedRequest;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.signing.Header;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A delivery shows the request that was sent, whatever became of its webhook since.
class SentRequestTest {
  @AutoClose private final DeliveryScene scene = new DeliveryScene();
  private final TestServer server = scene.server;

  @Test
  void the_headers_stay_those_that_the_receiver_got() {
    server.transport.next(ENDPOINT, Outcome.Answered.of(500));
    scene.run("r1");
    server.dispatch();
    Reply before = scene.story();

    change();

    Reply after = scene.story();
    SignedRequest sent = server.transport.requestsTo(ENDPOINT).getFirst();
    assertThat(after.text()).isEqualTo(before.text());
    assertThat(after.textAt("/request/basis")).isEqualTo("SENT");
    assertThat(after.at("/request/attempt").asInt()).isEqualTo(1);
    assertThat(after.textAt("/request/endpoint")).isEqualTo(ENDPOINT.text());
    assertThat(texts(after.at("/request/headers"))).isEqualTo(texts(sent));
    assertThat(after.textAt("/request/headers/X-Key")).isEqualTo(KEY);
    assertThat(after.at("/attempts/0/requestHeaders")).isEqualTo(after.at("/request/headers"));
    assertThat(after.at("/attempts/0/endpoint")).isEqualTo(after.at("/request/endpoint"));
  }

  @Test
  void during_an_overlap_both_signatures_are_shown_and_stay() {
    server.post(scene.webhook + "/secret", "{\"overlap\":\"PT1H\"}").isOk();
    scene.run("r1");
    server.dispatch();

    server.delete(scene.webhook + "/previous-secret").is(204);

    SignedRequest sent = server.transport.requestsTo(ENDPOINT).getFirst();
    assertThat(texts(scene.story().at("/request/headers"))).isEqualTo(texts(sent));
    assertThat(scene.story().textAt("/request/headers/webhook-signature").split(" ")).hasSize(2);
  }

  @Test
  void what_was_not_sent_yet_says_so() {
    scene.run("r1");

    Reply before = scene.story();
    change();
    Reply after = scene.story();

    assertThat(before.textAt("/request/basis")).isEqualTo("NOT_SENT_YET");
    assertThat(before.textAt("/request/headers/X-Key")).isEqualTo(KEY);
    assertThat(after.textAt("/request/basis")).isEqualTo("NOT_SENT_YET");
    assertThat(after.textAt("/request/headers/X-Key")).isEqualTo("new");
    assertThat(after.at("/attempts")).isEmpty();
  }

  @Test
  void an_attempt_that_sent_nothing_says_so() {
    server.transport.next(ENDPOINT, new Outcome.Refused("loopback 127.0.0.0/8"));
    scene.run("r1");
    server.dispatch();

    assertThat(scene.story().textAt("/request/basis")).isEqualTo("RECOMPUTED");
    assertThat(scene.story().at("/attempts/0/requestHeaders").isNull()).isTrue();
    assertThat(scene.story().at("/attempts/0/endpoint").isNull()).isTrue();
  }

  /// Other headers, another endpoint and another secret.
  private void change() {
    server
        .patch(
            scene.webhook,
            "{\"endpoint\":\"https://hooks.example.com/other\",\"headers\":{\"X-Key\":\"new\"}}")
        .isOk();
    server.post(scene.webhook + "/secret", "{\"overlap\":\"PT0S\"}").isOk();
  }

  private static Map<String, String> texts(JsonNode headers) {
    return headers.properties().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().asText()));
  }

  private static Map<String, String> texts(SignedRequest request) {
    return request.headers().stream().collect(Collectors.toMap(Header::name, Header::value));
  }
}
