package dev.runhook.http.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.http.server.DeliveryFixture;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.util.List;
import java.util.stream.Stream;
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

  @Test
  void the_deliveries_of_the_account_are_counted_for_a_stack_or_a_webhook() {
    fixture.startRun("one");
    server.dispatch();
    server.put("/stacks/other", "{\"name\":\"Other\"}").is(201);
    server.post("/stacks/other/webhooks", "{\"endpoint\":\"https://example.com/other\"}").is(201);
    server
        .post("/stacks/other/runs", "{\"id\":\"two\",\"branch\":\"b\",\"commit\":{\"hash\":\"0\"}}")
        .is(201);
    String webhook = fixture.webhook.substring(fixture.webhook.lastIndexOf('/') + 1);

    assertThat(counts("")).containsExactly(1, 1);
    assertThat(counts("?stack=demo")).containsExactly(1, 0);
    assertThat(counts("?stack=other&window=day")).containsExactly(0, 1);
    assertThat(counts("?webhook=" + webhook)).containsExactly(1, 0);
    server.get("/stats?stack=Not%20a%20slug").isProblem(400, "validation-error");
    server.get("/stats?webhook=1").isProblem(400, "validation-error");
  }

  private List<Integer> counts(String query) {
    TestResponse stats = server.get("/stats" + query).isOk();
    assertThat(stats.at("/unavailableBuckets").isMissingNode()).isTrue();
    return Stream.of("delivered", "pending")
        .map(name -> stats.at("/items").valueStream().mapToInt(it -> it.path(name).asInt()).sum())
        .toList();
  }

  @Test
  void the_matrix_has_a_lane_for_each_run_and_webhook() {
    fixture.startRun("one");
    server.dispatch();
    fixture.startRun("two");
    String webhook = fixture.webhook.substring(fixture.webhook.lastIndexOf('/') + 1);

    TestResponse matrix = server.get("/stacks/demo/matrix").isOk();

    assertThat(matrix.texts("/webhooks", "id")).containsExactly(webhook);
    assertThat(matrix.texts("/items", "id")).containsExactly("two", "one");
    assertThat(matrix.textAt("/items/1/lanes/0/webhook")).isEqualTo(webhook);
    assertThat(matrix.textAt("/items/1/lanes/0/phase")).isEqualTo("DELIVERED");
    assertThat(matrix.at("/items/1/lanes/0/delivered").asInt()).isEqualTo(1);
    assertThat(matrix.textAt("/items/0/lanes/0/phase")).isEqualTo("DUE");
    TestResponse first = server.get("/stacks/demo/matrix?limit=1").isOk();
    assertThat(first.texts("/items", "id")).containsExactly("two");
    assertThat(
            server
                .get("/stacks/demo/matrix?limit=1&after=" + first.textAt("/next"))
                .isOk()
                .texts("/items", "id"))
        .containsExactly("one");
    server.get("/stacks/nothing/matrix").isProblem(404, "no-such-stack");
    server.delete(fixture.webhook).is(204);
    TestResponse deleted = server.get("/stacks/demo/matrix").isOk();
    assertThat(deleted.at("/webhooks/0/deleted").asBoolean()).isTrue();
    assertThat(deleted.textAt("/items/0/lanes/0/phase")).isEqualTo("FAILED");
  }
}
