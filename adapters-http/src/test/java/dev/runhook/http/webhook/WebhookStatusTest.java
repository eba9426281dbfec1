package dev.runhook.http.webhook;

import static dev.runhook.http.server.DeliveryFixture.ENDPOINT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.http.server.DeliveryFixture;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The API shows how attempts change the status of a webhook.
class WebhookStatusTest {
  private static final int PAUSE_AFTER = 10;

  @AutoClose private final DeliveryFixture fixture = new DeliveryFixture();
  private final TestServer server = fixture.server;

  @Test
  void failures_are_counted_until_the_webhook_is_paused_and_its_deliveries_explain_the_pause() {
    respondWith(500);

    startRuns(1, PAUSE_AFTER - 1);
    TestResponse failing = server.get(fixture.webhook).isOk();
    startRuns(PAUSE_AFTER, PAUSE_AFTER + 1);
    TestResponse paused = server.get(fixture.webhook).isOk();

    assertThat(failing.at("/status").toString())
        .isEqualTo("{\"state\":\"ACTIVE\",\"consecutiveFailures\":9}");
    assertThat(paused.textAt("/status/state")).isEqualTo("PAUSED");
    assertThat(paused.textAt("/status/since")).endsWith("Z");
    assertThat(paused.textAt("/status/cause")).isEqualTo("FAILURES");
    assertThat(paused.textAt("/status/lastError")).contains("500");
    assertThat(paused.textAt("/status/nextProbeAt")).isGreaterThan(paused.textAt("/status/since"));
    assertThat(paused.at("/status/consecutiveFailures").asInt()).isEqualTo(PAUSE_AFTER);
    assertThat(paused.at("/enabled").asBoolean(false)).isTrue();
    JsonNode explanation = fixture.details().at("/explanation").valueStream().toList().getLast();
    assertThat(explanation.at("/code").asText()).isEqualTo("PAUSED");
    assertThat(explanation.at("/params/since")).isEqualTo(paused.at("/status/since"));
    assertThat(explanation.at("/params/failures").asText()).isEqualTo("10");
    assertThat(explanation.at("/params/lastError")).isEqualTo(paused.at("/status/lastError"));
    assertThat(explanation.at("/params/nextProbeAt")).isEqualTo(paused.at("/status/nextProbeAt"));
    assertThat(explanation.at("/text").asText())
        .startsWith("waits because the webhook has been paused since ");
  }

  @Test
  void enabling_a_paused_webhook_resets_its_failures() {
    respondWith(500);
    startRuns(1, PAUSE_AFTER);

    TestResponse enabled = server.patch(fixture.webhook, "{\"enabled\":true}").isOk();

    assertThat(enabled.at("/status").toString())
        .isEqualTo("{\"state\":\"ACTIVE\",\"consecutiveFailures\":0}");
  }

  @Test
  void a_paused_webhook_can_be_resumed_and_a_disabled_one_cannot() {
    respondWith(500);
    startRuns(1, PAUSE_AFTER);

    TestResponse resumed = server.post(fixture.webhook + "/resume", "").isOk();

    assertThat(resumed.textAt("/status/state")).isEqualTo("ACTIVE");
    assertThat(resumed.header("ETag")).isEqualTo(server.get(fixture.webhook).header("ETag"));
    server.patch(fixture.webhook, "{\"enabled\":false}").isOk();
    server.post(fixture.webhook + "/resume", "").isProblem(409, "webhook-disabled");
    server.post(fixture.webhook + "/ping", "").isProblem(409, "webhook-disabled");
  }

  @Test
  void a_410_response_disables_the_webhook_and_shows_the_cause() {
    respondWith(410);

    startRuns(1, 1);
    TestResponse gone = server.get(fixture.webhook).isOk();

    assertThat(gone.at("/enabled").asBoolean(true)).isFalse();
    assertThat(gone.textAt("/status/state")).isEqualTo("DISABLED");
    assertThat(gone.textAt("/status/cause")).isEqualTo("RECEIVER");
    assertThat(gone.at("/status").has("by")).isFalse();
  }

  private void respondWith(int status) {
    server.transport.respondByDefault(ENDPOINT, Outcome.Responded.of(status));
  }

  private void startRuns(int first, int last) {
    for (int number = first; number <= last; number++) {
      fixture.startRun("run-" + number);
      server.dispatch();
    }
  }
}
