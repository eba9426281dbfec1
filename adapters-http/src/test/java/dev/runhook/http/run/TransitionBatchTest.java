package dev.runhook.http.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.application.access.AccessConfig;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("four-buckets")
class TransitionBatchTest {
  private static final String TRANSITIONS = "/transitions";

  private final TestServer server = new TestServer().withDemoStack();

  @AfterEach
  void tearDown() {
    server.close();
  }

  private void run(String stack, String name) {
    server
        .post(
            "/stacks/" + stack + "/runs",
            "{\"id\":\"" + name + "\",\"branch\":\"main\",\"commit\":{\"hash\":\"0ee3\"}}")
        .is(201);
  }

  private static String item(String run, String state) {
    return "{\"stack\":\"demo\",\"run\":\"" + run + "\",\"state\":\"" + state + "\"}";
  }

  private static List<Integer> statuses(TestResponse response) {
    return IntStream.range(0, response.at("/items").size())
        .mapToObj(i -> response.at("/items/" + i + "/status").asInt())
        .toList();
  }

  @Test
  void each_item_has_its_own_result_in_order_and_an_invalid_one_affects_no_other() {
    run("demo", "r1");
    run("demo", "r2");
    String items =
        "["
            + String.join(
                ",",
                item("r1", "READY"),
                item("unknown", "READY"),
                item("r1", "PREPARING"),
                "7",
                "{\"stack\":\"demo\",\"run\":\"r2\",\"state\":\"ASLEEP\",\"colour\":\"red\"}",
                item("r2", "FAILED"),
                item("r2", "READY"),
                "{\"stack\":\"demo\",\"run\":\"r1\",\"state\":\"PREPARING\",\"stateVersion\":3}",
                "{\"stack\":\"nowhere\",\"run\":\"r1\",\"state\":\"READY\"}")
            + "]";

    TestResponse response = server.post(TRANSITIONS, items).is(200);

    assertThat(statuses(response)).containsExactly(201, 404, 201, 400, 400, 201, 409, 200, 404);
    assertThat(response.at("/items/2/stateVersion").asInt()).isEqualTo(3);
    assertThat(response.at("/items/4/problem/errors").size()).isEqualTo(2);
    assertThat(response.textAt("/items/4/problem/errors/0/pointer")).isEqualTo("/state");
    assertThat(response.textAt("/items/6/problem/type")).isEqualTo("urn:runhook:problem:run-ended");
    assertThat(server.get("/stacks/demo/runs/r1").isOk().textAt("/state")).isEqualTo("PREPARING");
    assertThat(server.get("/stacks/demo/runs/r2").isOk().textAt("/state")).isEqualTo("FAILED");
  }

  @Test
  void every_item_has_the_same_fields() {
    run("demo", "r1");

    JsonNode items =
        server
            .post(TRANSITIONS, "[" + item("r1", "READY") + "," + item("r2", "READY") + ",7]")
            .is(200)
            .at("/items");

    assertThat(items)
        .extracting(item -> item.properties().stream().map(Map.Entry::getKey).toList())
        .containsOnly(
            List.of(
                "status",
                "run",
                "state",
                "stateVersion",
                "timestamp",
                "expected",
                "deliveries",
                "problem"));
    assertThat(items)
        .extracting(item -> item.path("problem").isNull())
        .containsExactly(true, false, false);
    assertThat(items)
        .extracting(item -> item.path("run").isNull())
        .containsExactly(false, true, true);
  }

  @Test
  void an_item_has_the_result_of_a_single_request() {
    server.post("/stacks/demo/webhooks", "{\"endpoint\":\"https://example.com\"}").is(201);
    run("demo", "r1");
    run("demo", "r2");

    TestResponse alone =
        server.post("/stacks/demo/runs/r1/transitions", "{\"state\":\"READY\"}").is(201);
    TestResponse among = server.post(TRANSITIONS, "[" + item("r2", "READY") + "]").is(200);

    assertThat(among.text().replaceAll("\"timestamp\":\"[^\"]*\"", ""))
        .isEqualTo(
            "{\"items\":["
                + alone
                    .text()
                    .replaceAll("\"timestamp\":\"[^\"]*\"", "")
                    .replace("{", "{\"status\":201,")
                    .replace("}", ",\"problem\":null}")
                    .replace("r1", "r2")
                + "]}");
    assertThat(among.at("/items/0/deliveries").asInt()).isEqualTo(1);
  }

  @Test
  void a_duplicate_name_in_an_item_affects_only_that_item() {
    run("demo", "r1");
    String names =
        IntStream.range(0, 30)
            .mapToObj(i -> ",\"x%1$d\":1,\"x%1$d\":1,\"x%1$d\":1".formatted(i))
            .collect(Collectors.joining());
    String twice = item("r1", "READY").replace("}", names + "}");

    TestResponse response =
        server.post(TRANSITIONS, "[" + twice + "," + item("r1", "READY") + "]").is(200);

    assertThat(statuses(response)).containsExactly(400, 201);
    assertThat(response.at("/items/0/problem/errors").size()).isEqualTo(20);
    assertThat(response.at("/items/1/stateVersion").asInt()).isEqualTo(2);
  }

  @Test
  void a_limited_token_reports_only_for_its_stacks() {
    server.put("/stacks/other", "{\"name\":\"Other\"}").is(201);
    run("demo", "r1");
    run("other", "r1");

    TestResponse response =
        server
            .sendAs(
                TestServer.STACK_ADMIN,
                "POST",
                TRANSITIONS,
                "["
                    + item("r1", "READY").replace("demo", "other")
                    + ","
                    + item("r1", "READY")
                    + "]")
            .is(200);

    assertThat(statuses(response)).containsExactly(404, 201);
    assertThat(response.textAt("/items/0/problem/type"))
        .isEqualTo("urn:runhook:problem:no-such-stack");
    assertThat(server.get("/stacks/other/runs/r1").isOk().textAt("/state")).isEqualTo("QUEUED");
  }

  @Test
  void a_reader_cannot_record_transitions() {
    server.sendAs(TestServer.READER, "POST", TRANSITIONS, "[]").isProblem(403, "not-permitted");
  }

  @Test
  void a_batch_has_at_most_1000_items() {
    run("demo", "r1");
    String thousand =
        IntStream.range(0, 1_000)
            .mapToObj(ignored -> item("r1", "PLANNING"))
            .collect(Collectors.joining(","));

    TestResponse tooMany =
        server.post(TRANSITIONS, "[" + thousand + "," + item("r1", "PLANNING") + "]");
    TestResponse taken = server.post(TRANSITIONS, "[" + thousand + "]").is(200);

    tooMany.isProblem(400, "validation-error");
    assertThat(statuses(taken)).hasSize(1_000).containsOnly(201);
    assertThat(taken.at("/items/999/stateVersion").asInt()).isEqualTo(1_001);
  }

  @Test
  void an_empty_batch_has_an_empty_result() {
    assertThat(server.post(TRANSITIONS, "[]").is(200).text()).isEqualTo("{\"items\":[]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "7", "[", "[{},]", "[{}]x", "null", "[\"\\ud800]", "not JSON"})
  void a_body_that_is_not_an_array_is_rejected(String body) {
    server.post(TRANSITIONS, body).isProblem(400, "validation-error");
  }

  @Test
  void each_item_reports_an_unreachable_database() {
    run("demo", "r1");
    server.store.failure.set(
        new StoreUnavailableException("the database", new IllegalStateException()));

    TestResponse response = server.post(TRANSITIONS, "[" + item("r1", "READY") + ",7]").is(200);

    assertThat(statuses(response)).containsExactly(503, 400);
    assertThat(response.textAt("/items/0/problem/type"))
        .isEqualTo("urn:runhook:problem:store-unavailable");
  }

  @Test
  void each_item_counts_as_one_transition_of_the_account() {
    try (TestServer limited =
        new TestServer(AccessConfig.defaults().withTransitionsPerSecond(10))) {
      limited.post(TRANSITIONS, "[" + "7,".repeat(39) + "7]").is(200);

      limited.get("/stacks").isOk();
      limited.post(TRANSITIONS, "[7]").isProblem(429, "too-many-requests");
      limited.sendAs(TestServer.WRITER, "POST", TRANSITIONS, "[7]").is(429);
      limited.sendAs(TestServer.OTHER_ACCOUNT, "POST", TRANSITIONS, "[7]").is(200);
      limited.nanos.addAndGet(Duration.ofSeconds(4).toNanos());
      limited.post(TRANSITIONS, "[7]").is(200);
    }
  }
}
