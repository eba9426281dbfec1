package dev.runhook.http.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.http.server.DeliveryFixture;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("four-buckets")
class DeliveryStatsTest {
  @AutoClose private final DeliveryFixture fixture = new DeliveryFixture();
  private final TestServer server = fixture.server;

  @Test
  void stats_show_the_deliveries_of_the_last_hour() {
    fixture.startRun("one");
    fixture.startRun("two");
    server.dispatch();

    TestResponse hour = server.get(fixture.webhook + "/stats").isOk();

    assertThat(hour.textAt("/step")).isEqualTo("PT1M");
    assertThat(hour.at("/items").size()).isEqualTo(60);
    assertThat(hour.at("/truncated").asBoolean()).isFalse();
    List<JsonNode> used =
        hour.at("/items").valueStream().filter(item -> !item.path("p50Ms").isNull()).toList();
    assertThat(used).allMatch(item -> item.path("p50Ms").isIntegralNumber());
    assertThat(used.stream().mapToInt(item -> item.path("delivered").asInt()).sum()).isEqualTo(2);
    assertThat(hour.at("/items/0/p50Ms").isNull()).isTrue();
    TestResponse day = server.get(fixture.webhook + "/stats?window=day").isOk();
    assertThat(day.textAt("/step")).isEqualTo("PT15M");
    assertThat(day.at("/items").size()).isEqualTo(96);
  }

  @ParameterizedTest
  @ValueSource(strings = {"week", "", "HOUR"})
  void only_an_hour_and_a_day_are_valid_windows(String span) {
    server.get(fixture.webhook + "/stats?window=" + span).isProblem(400, "validation-error");
  }

  @Test
  void an_unknown_webhook_has_no_stats() {
    server
        .get("/stacks/demo/webhooks/00000000-0000-7000-8000-000000000000/stats")
        .isProblem(404, "no-such-webhook");
    server
        .get("/stacks/nothing/webhooks/00000000-0000-7000-8000-000000000000/stats")
        .isProblem(404, "no-such-stack");
  }
}
