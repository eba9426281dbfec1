package dev.runhook.http.webhook;

import static dev.runhook.http.server.DeliveryFixture.ENDPOINT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.http.server.DeliveryFixture;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A change with `If-Match` does not undo the change of another user.
class WebhookPreconditionTest {
  @AutoClose private final DeliveryFixture fixture = new DeliveryFixture();
  private final TestServer server = fixture.server;

  private TestResponse change(String method, String json, String ifMatch) {
    return server.send(
        server
            .request(method, fixture.webhook, BodyPublishers.ofString(json))
            .header("Content-Type", "application/json")
            .header("If-Match", ifMatch));
  }

  private String etag() {
    return server.get(fixture.webhook).isOk().header("ETag");
  }

  @Test
  void a_change_based_on_an_outdated_webhook_is_refused() {
    String before = etag();

    TestResponse first = change("PATCH", "{\"name\":\"A\"}", before).isOk();

    assertThat(first.header("ETag")).isEqualTo(etag()).isNotEqualTo(before);
    change("PATCH", "{\"name\":\"B\"}", before).isProblem(412, "precondition-failed");
    change("DELETE", "", before).isProblem(412, "precondition-failed");
    assertThat(server.get(fixture.webhook).textAt("/name")).isEqualTo("A");
    change("PATCH", "{\"name\":\"B\"}", "W/" + etag()).isOk();
    change("PATCH", "{\"name\":\"C\"}", "*").isOk();
    change("DELETE", "", etag()).is(204);
  }

  @Test
  void a_failed_attempt_does_not_change_the_etag() {
    String before = etag();
    server.transport.respondByDefault(ENDPOINT, Outcome.Responded.of(500));
    fixture.startRun("r1");
    server.dispatch();

    assertThat(server.get(fixture.webhook).at("/status/consecutiveFailures").asInt()).isEqualTo(1);
    assertThat(etag()).isEqualTo(before);
  }
}
