package dev.runhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.application.spi.SignedRequest;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.Endpoint;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A delivery shows the request that was sent, whatever became of its webhook since.
class SentRequestTest {
  private static final Endpoint ENDPOINT = Endpoint.stored("https://hooks.example.com/in");

  private final TestServer server = new TestServer().withDemo();
  private String webhook = "";

  @BeforeEach
  void attach() {
    Reply created =
        server.post(
            "/stacks/demo/webhooks",
            "{\"endpoint\":\"%s\",\"headers\":{\"X-Key\":\"old\"}}".formatted(ENDPOINT.text()));
    webhook = "/stacks/demo/webhooks/" + created.is(201).textAt("/id");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void the_headers_stay_those_that_the_receiver_got() {
    server.transport.next(ENDPOINT, Outcome.Answered.of(500));
    run();
    server.dispatch();
    Reply before = story();

    change();

    Reply after = story();
    SignedRequest sent = server.transport.requestsTo(ENDPOINT).getFirst();
    assertThat(after.text()).isEqualTo(before.text());
    assertThat(after.textAt("/request/basis")).isEqualTo("SENT");
    assertThat(after.at("/request/attempt").asInt()).isEqualTo(1);
    assertThat(after.textAt("/request/endpoint")).isEqualTo(ENDPOINT.text());
    assertThat(texts(after.at("/request/headers"))).isEqualTo(texts(sent));
    assertThat(after.textAt("/request/headers/X-Key")).isEqualTo("old");
    assertThat(after.at("/attempts/0/requestHeaders")).isEqualTo(after.at("/request/headers"));
    assertThat(after.at("/attempts/0/endpoint")).isEqualTo(after.at("/request/endpoint"));
  }

  @Test
  void during_an_overlap_both_signatures_are_shown_and_stay() {
    server.post(webhook + "/secret", "{\"overlap\":\"PT1H\"}").isOk();
    run();
    server.dispatch();

    server.delete(webhook + "/previous-secret").is(204);

    SignedRequest sent = server.transport.requestsTo(ENDPOINT).getFirst();
    assertThat(texts(story().at("/request/headers"))).isEqualTo(texts(sent));
    assertThat(story().textAt("/request/headers/webhook-signature").split(" ")).hasSize(2);
  }

  @Test
  void what_was_not_sent_yet_says_so() {
    run();

    Reply before = story();
    change();
    Reply after = story();

    assertThat(before.textAt("/request/basis")).isEqualTo("NOT_SENT_YET");
    assertThat(before.textAt("/request/headers/X-Key")).isEqualTo("old");
    assertThat(after.textAt("/request/basis")).isEqualTo("NOT_SENT_YET");
    assertThat(after.textAt("/request/headers/X-Key")).isEqualTo("new");
    assertThat(after.at("/attempts")).isEmpty();
  }

  @Test
  void an_attempt_that_sent_nothing_says_so() {
    server.transport.next(ENDPOINT, new Outcome.Refused("loopback 127.0.0.0/8"));
    run();
    server.dispatch();

    assertThat(story().textAt("/request/basis")).isEqualTo("RECOMPUTED");
    assertThat(story().at("/attempts/0/requestHeaders").isNull()).isTrue();
    assertThat(story().at("/attempts/0/endpoint").isNull()).isTrue();
  }

  private void run() {
    server
        .post(
            "/stacks/demo/runs", "{\"id\":\"r1\",\"branch\":\"main\",\"commit\":{\"hash\":\"h\"}}")
        .is(201);
  }

  /// Other headers, another endpoint and another secret.
  private void change() {
    server
        .patch(
            webhook,
            "{\"endpoint\":\"https://hooks.example.com/other\",\"headers\":{\"X-Key\":\"new\"}}")
        .isOk();
    server.post(webhook + "/secret", "{\"overlap\":\"PT0S\"}").isOk();
  }

  private Reply story() {
    String id = server.get(webhook + "/deliveries").textAt("/items/0/id");
    return server.get("/deliveries/" + id).isOk();
  }

  private static Map<String, String> texts(JsonNode headers) {
    return headers.properties().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().asText()));
  }

  private static Map<String, String> texts(SignedRequest request) {
    return request.headers().stream().collect(Collectors.toMap(Header::name, Header::value));
  }
}
