package dev.runhook.http.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.http.server.DeliveryFixture;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("four-buckets")
class StackListTest {
  @AutoClose private final DeliveryFixture fixture = new DeliveryFixture();
  private final TestServer server = fixture.server;

  @Test
  void a_list_of_stacks_shows_the_latest_run_and_the_webhooks() {
    server.put("/stacks/net", "{\"name\":\"Net\"}").is(201);
    fixture.startRun("one");
    server.patch(fixture.webhook, "{\"enabled\":false}").isOk();

    TestResponse list = server.get("/stacks").isOk();

    assertThat(list.textAt("/items/0/latestRun/id")).isEqualTo("one");
    assertThat(list.textAt("/items/0/latestRun/state")).isEqualTo("QUEUED");
    assertThat(list.at("/items/0/latestRun/stateVersion").asInt()).isEqualTo(1);
    assertThat(list.at("/items/0/webhooks/total").asInt()).isEqualTo(1);
    assertThat(list.at("/items/0/webhooks/disabled").asInt()).isEqualTo(1);
    assertThat(list.at("/items/1/latestRun").isNull()).isTrue();
    assertThat(list.at("/items/1/webhooks").toString())
        .isEqualTo("{\"total\":0,\"failing\":0,\"paused\":0,\"disabled\":0}");
  }

  @Test
  void the_health_of_a_stack_and_of_the_account_is_that_of_the_webhooks() {
    server.put("/stacks/net", "{\"name\":\"Net\"}").is(201);
    server.transport.respondByDefault(DeliveryFixture.ENDPOINT, Outcome.Responded.of(500));
    fixture.startRun("one");
    fixture.startRun("two");
    server.dispatch();

    TestResponse list = server.get("/stacks").isOk();
    TestResponse summary = server.get("/summary").isOk();
    TestResponse webhook = server.get(fixture.webhook).isOk();

    assertThat(list.textAt("/items/0/health/verdict")).isEqualTo("FAILING");
    assertThat(list.at("/items/0/health/verdicts/FAILING").asInt()).isEqualTo(1);
    assertThat(list.at("/items/0/health/causes").toString()).isEqualTo("{\"ATTEMPTS_FAIL\":1}");
    assertThat(list.at("/items/0/health/pendingDeliveries").asInt()).isEqualTo(2);
    assertThat(list.at("/items/0/health/lastResult/delivered").asBoolean(true)).isFalse();
    assertThat(list.at("/items/0/webhooks/failing").asInt()).isEqualTo(1);
    assertThat(list.textAt("/items/1/health/verdict")).isEqualTo("IDLE");
    assertThat(list.at("/items/0/health")).isEqualTo(summary.at("/health"));
    for (String field :
        List.of("verdict", "cause", "since", "detail", "oldestPendingAt", "trend")) {
      assertThat(summary.at("/health/" + field)).isEqualTo(webhook.at("/health/" + field));
    }
    assertThat(summary.at("/needingAttention")).containsExactly(webhook.json());
    String etag = summary.header("ETag");
    assertThat(server.get("/summary").header("ETag")).isEqualTo(etag);
    assertThat(server.getAs(TestServer.OTHER_ACCOUNT, "/summary").textAt("/health/verdict"))
        .isEqualTo("IDLE");
    assertThat(server.getAs(TestServer.OTHER_ACCOUNT, "/summary").at("/needingAttention"))
        .isEmpty();
  }

  @Test
  void the_trend_counts_the_deliveries_of_each_half_hour() {
    fixture.startRun("one");
    server.dispatch();

    JsonNode trend = server.get(fixture.webhook).isOk().at("/health/trend");

    assertThat(trend.at("/delivered")).hasSize(48);
    assertThat(trend.at("/delivered/46").asInt() + trend.at("/delivered/47").asInt()).isEqualTo(1);
    assertThat(trend.at("/step").asText()).isEqualTo("PT30M");
  }

  @Test
  void a_stack_is_the_same_alone_and_in_the_list() {
    fixture.startRun("one", "READY");

    String alone = server.get("/stacks/demo").isOk().text();

    assertThat(server.get("/stacks").isOk().at("/items/0").toString()).isEqualTo(alone);
    assertThat(server.get("/stacks/demo").at("/latestRun/state").asText()).isEqualTo("READY");
  }

  @Test
  void stacks_are_searched_by_id_and_name() {
    server.put("/stacks/net", "{\"name\":\"Networking 100%\"}").is(201);

    assertThat(server.get("/stacks?search=WORK").isOk().texts("/items", "id"))
        .containsExactly("net");
    assertThat(server.get("/stacks?search=100%25").isOk().texts("/items", "id"))
        .containsExactly("net");
    assertThat(server.get("/stacks?search=nothing").isOk().at("/items")).isEmpty();
    server.get("/stacks?search=" + "x".repeat(201)).isProblem(400, "validation-error");
  }

  @Test
  void stacks_are_filtered_by_labels() {
    server.put("/stacks/both", "{\"name\":\"Both\",\"labels\":[\"env:prod\",\"a&b\"]}").is(201);
    server.put("/stacks/one", "{\"name\":\"One\",\"labels\":[\"env:prod\"]}").is(201);

    assertThat(server.get("/stacks?label=env:prod").isOk().texts("/items", "id"))
        .containsExactly("both", "one");
    assertThat(server.get("/stacks?label=env:prod&label=a%26b").isOk().texts("/items", "id"))
        .containsExactly("both");
    assertThat(server.get("/stacks?label=env:prod&search=one").isOk().texts("/items", "id"))
        .containsExactly("one");
    assertThat(server.get("/stacks?label=env").isOk().at("/items")).isEmpty();
    assertThat(
            server
                .get("/stacks?label=env:prod&label=")
                .isProblem(400, "validation-error")
                .textAt("/detail"))
        .isEqualTo("label: a label is blank");
    server.get("/stacks?label=x" + "&label=x".repeat(64)).isProblem(400, "validation-error");
  }
}
