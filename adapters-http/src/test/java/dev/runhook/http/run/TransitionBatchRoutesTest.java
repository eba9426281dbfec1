package dev.runhook.http.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.StoreUnavailableException;
import dev.runhook.application.access.AccessConfig;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransitionBatchRoutesTest {
  private static final String TRANSITIONS = "/transitions";

  private final TestServer server = new TestServer().withDemoStack();

  @AfterEach
  void stop() {
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

  private static List<Integer> statuses(TestResponse testResponse) {
    return IntStream.range(0, testResponse.at("/items").size())
        .mapToObj(i -> testResponse.at("/items/" + i + "/status").asInt())
        .toList();
  }

  @Test
  void each_item_gets_its_own_result_in_order_and_a_bad_one_harms_no_other() {
    run("demo", "r1");
    run("demo", "r2");
    String items =
        "["
            + String.join(
                ",",
                item("r1", "READY"),
                item("nobody", "READY"),
                item("r1", "PREPARING"),
                "7",
                "{\"stack\":\"demo\",\"run\":\"r2\",\"state\":\"ASLEEP\",\"colour\":\"red\"}",
                item("r2", "FAILED"),
                item("r2", "READY"),
                "{\"stack\":\"demo\",\"run\":\"r1\",\"state\":\"PREPARING\",\"stateVersion\":3}",
                "{\"stack\":\"nowhere\",\"run\":\"r1\",\"state\":\"READY\"}")
            + "]";

    TestResponse testResponse = server.post(TRANSITIONS, items).is(200);

    assertThat(statuses(testResponse)).containsExactly(201, 404, 201, 400, 400, 201, 409, 200, 404);
    assertThat(testResponse.at("/items/2/stateVersion").asInt()).isEqualTo(3);
    assertThat(testResponse.at("/items/4/errors").size()).isEqualTo(2);
    assertThat(testResponse.textAt("/items/4/errors/0/pointer")).isEqualTo("/state");
    assertThat(testResponse.textAt("/items/6/type")).isEqualTo("urn:runhook:problem:run-ended");
    assertThat(server.get("/stacks/demo/runs/r1").isOk().textAt("/state")).isEqualTo("PREPARING");
    assertThat(server.get("/stacks/demo/runs/r2").isOk().textAt("/state")).isEqualTo("FAILED");
  }

  @Test
  void an_item_tells_what_a_request_for_it_alone_would_have_told() {
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
                    .replace("r1", "r2")
                + "]}");
    assertThat(among.at("/items/0/deliveries").asInt()).isEqualTo(1);
  }

  @Test
  void a_name_that_is_twice_in_an_item_spoils_that_item_alone() {
    run("demo", "r1");
    String twice =
        item("r1", "READY").replace("}", ",\"note\":\"a\"" + ",\"note\":\"b\"".repeat(30) + "}");

    TestResponse testResponse =
        server.post(TRANSITIONS, "[" + twice + "," + item("r1", "READY") + "]").is(200);

    assertThat(statuses(testResponse)).containsExactly(400, 201);
    assertThat(testResponse.at("/items/0/errors").size()).isEqualTo(20);
    assertThat(testResponse.at("/items/1/stateVersion").asInt()).isEqualTo(2);
  }

  @Test
  void a_limited_token_reports_of_its_stacks_alone() {
    server.put("/stacks/other", "{\"name\":\"Other\"}").is(201);
    run("demo", "r1");
    run("other", "r1");

    TestResponse testResponse =
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

    assertThat(statuses(testResponse)).containsExactly(404, 201);
    assertThat(testResponse.textAt("/items/0/type")).isEqualTo("urn:runhook:problem:no-such-stack");
    assertThat(server.get("/stacks/other/runs/r1").isOk().textAt("/state")).isEqualTo("QUEUED");
  }

  @Test
  void a_reader_reports_nothing() {
    server.sendAs(TestServer.READER, "POST", TRANSITIONS, "[]").isProblem(403, "not-permitted");
  }

  @Test
  void a_thousand_are_taken_and_one_more_is_not() {
    run("demo", "r1");
    String thousand =
        IntStream.range(0, 1_000)
            .mapToObj(_ -> item("r1", "PLANNING"))
            .collect(Collectors.joining(","));

    TestResponse tooMany =
        server.post(TRANSITIONS, "[" + thousand + "," + item("r1", "PLANNING") + "]");
    TestResponse taken = server.post(TRANSITIONS, "[" + thousand + "]").is(200);

    tooMany.isProblem(400, "validation-error");
    assertThat(statuses(taken)).hasSize(1_000).containsOnly(201);
    assertThat(taken.at("/items/999/stateVersion").asInt()).isEqualTo(1_001);
  }

  @Test
  void none_are_recorded_as_none() {
    assertThat(server.post(TRANSITIONS, "[]").is(200).text()).isEqualTo("{\"items\":[]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "7", "[", "[{},]", "[{}]x", "null", "[\"\\ud800]", "no JSON"})
  void what_is_no_array_is_bad_input(String body) {
    server.post(TRANSITIONS, body).isProblem(400, "validation-error");
  }

  @Test
  void while_the_store_is_away_each_item_says_so() {
    run("demo", "r1");
    server.store.failure.set(
        new StoreUnavailableException("the database", new IllegalStateException()));

    TestResponse testResponse = server.post(TRANSITIONS, "[" + item("r1", "READY") + ",7]").is(200);

    assertThat(statuses(testResponse)).containsExactly(503, 400);
    assertThat(testResponse.textAt("/items/0/type"))
        .isEqualTo("urn:runhook:problem:store-unavailable");
  }

  @Test
  void an_array_counts_as_so_many_requests() {
    try (TestServer limited = new TestServer(AccessConfig.defaults().withRequestsPerSecond(10))) {
      limited.post(TRANSITIONS, "[" + "7,".repeat(39) + "7]").is(200);

      limited.get("/stacks").isProblem(429, "too-many-requests");
      limited.nanos.addAndGet(Duration.ofSeconds(4).toNanos());
      limited.get("/stacks").isOk();
    }
  }
}
