package dev.runhook.http.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.http.json.Json;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunRoutesTest {
  private static final String RUNS = "/stacks/demo/runs";
  private static final String RUN =
      "{\"id\":\"r1\",\"branch\":\"main\",\"commit\":{\"hash\":\"0ee3\"}}";
  private static final String FULL =
      """
      {"id":"r1","stack":"demo","type":"TASK","branch":"main","commit":{"hash":"0ee3","message":"Fix",\
      "authorName":"Octo Cat",\
      "authorLogin":"octocat","timestamp":"2026-01-31T11:30:00.000Z","url":"https://git.example.com/0ee3"},\
      "triggeredBy":"o@example.com",\
      "url":"https://ci.example.com/r1",\
      "driftDetection":true,"command":"tofu state list","createdAt":"2026-01-31T12:00:00.250Z",\
      "delta":{"added":1,"changed":2,"deleted":3,"resources":4},"state":"READY","stateVersion":7}\
      """;

  private final TestServer server = new TestServer().withDemoStack();

  @AfterEach
  void tearDown() {
    server.close();
  }

  @Test
  void a_run_returns_all_reported_fields() {
    String body = toRequest(FULL);

    TestResponse created = server.post(RUNS, body);

    assertThat(created.is(201).text()).isEqualTo(FULL);
    assertThat(created.header("Location")).isEqualTo("/api/v1/stacks/demo/runs/r1");
  }

  private static String toRequest(String full) {
    return full.replace("\"stack\":\"demo\",", "")
        .replace("2026-01-31T12:00:00.250Z", "2026-01-31T13:00:00.250999+01:00")
        .replace(
            "\"stateVersion\":7}",
            "\"stateVersion\":7,\"timestamp\":\"2026-01-31t12:00:01z\",\"note\":\"hi\"}");
  }

  @Test
  void omitted_fields_of_a_run_have_defaults() {
    TestResponse created =
        server.post(RUNS, "{\"branch\":\"main\",\"commit\":{\"hash\":\"0ee3\"}}").is(201);

    assertThat(created.textAt("/id")).isNotBlank();
    assertThat(created.textAt("/type")).isEqualTo("TRACKED");
    assertThat(created.textAt("/state")).isEqualTo("QUEUED");
    assertThat(created.at("/stateVersion").asLong()).isEqualTo(1);
    assertThat(created.textAt("/createdAt"))
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    for (String unknown :
        List.of(
            "/triggeredBy",
            "/delta",
            "/url",
            "/driftDetection",
            "/command",
            "/commit/authorLogin")) {
      assertThat(created.at(unknown).isNull()).as(unknown).isTrue();
    }
  }

  @Test
  void the_same_run_is_a_repeat_and_other_content_is_rejected() {
    TestResponse first = server.post(RUNS, RUN).is(201);

    assertThat(server.post(RUNS, RUN).isOk().json()).isEqualTo(first.json());
    server.post(RUNS, RUN.replace("main", "dev")).isProblem(409, "run-conflict");
    assertThat(server.get(RUNS + "/r1").textAt("/branch")).isEqualTo("main");
  }

  @Test
  void a_run_records_its_transitions() {
    server.post(RUNS, RUN).is(201);

    TestResponse moved =
        server.post(
            RUNS + "/r1/transitions",
            "{\"state\":\"PREPARING\",\"timestamp\":\"2026-01-31T12:00:00Z\",\"note\":\"go\","
                + "\"delta\":{\"added\":1,\"changed\":0,\"deleted\":0,\"resources\":1}}");
    TestResponse unusual =
        server.post(RUNS + "/r1/transitions", "{\"state\":\"CONFIRMED\",\"stateVersion\":9}");

    assertThat(moved.is(201).text())
        .isEqualTo(
            "{\"run\":\"r1\",\"state\":\"PREPARING\",\"stateVersion\":2,"
                + "\"timestamp\":\"2026-01-31T12:00:00.000Z\",\"expected\":true,\"deliveries\":0}");
    assertThat(moved.header("Location")).isEqualTo("/api/v1/stacks/demo/runs/r1");
    assertThat(unusual.is(201).at("/expected").asBoolean(true)).isFalse();
    TestResponse run = server.get(RUNS + "/r1").isOk();
    assertThat(run.fields())
        .startsWith("id", "stack", "type")
        .endsWith("state", "stateVersion", "transitions", "nextTransitions");
    assertThat(run.textAt("/state")).isEqualTo("CONFIRMED");
    assertThat(run.textAt("/delta/added")).isEqualTo("1");
    assertThat(run.texts("/transitions", "stateVersion")).containsExactly("1", "2", "9");
    assertThat(run.at("/transitions/1").toString())
        .isEqualTo(
            "{\"state\":\"PREPARING\",\"stateVersion\":2,\"timestamp\":\"2026-01-31T12:00:00.000Z\","
                + "\"expected\":true,\"delta\":{\"added\":1,\"changed\":0,\"deleted\":0,\"resources\":1},"
                + "\"note\":\"go\",\"changeCount\":null}");
  }

  @Test
  void a_duplicate_transition_changes_nothing() {
    server.post(RUNS, RUN).is(201);
    server.post(RUNS + "/r1/transitions", "{\"state\":\"READY\",\"stateVersion\":2}").is(201);

    TestResponse repeat =
        server.post(RUNS + "/r1/transitions", "{\"state\":\"READY\",\"stateVersion\":2}").isOk();

    assertThat(repeat.at("/deliveries").asInt(-1)).isZero();
    assertThat(server.get(RUNS + "/r1").at("/transitions")).hasSize(2);
  }

  @Test
  void a_stale_version_and_a_transition_after_a_terminal_state_are_rejected() {
    server.post(RUNS, RUN).is(201);
    server.post(RUNS + "/r1/transitions", "{\"state\":\"READY\",\"stateVersion\":5}").is(201);

    server
        .post(RUNS + "/r1/transitions", "{\"state\":\"PREPARING\",\"stateVersion\":4}")
        .isProblem(409, "stale-transition");
    server.post(RUNS + "/r1/transitions", "{\"state\":\"FAILED\"}").is(201);
    server.post(RUNS + "/r1/transitions", "{\"state\":\"READY\"}").isProblem(409, "run-ended");

    assertThat(server.get(RUNS + "/r1").texts("/transitions", "state"))
        .containsExactly("QUEUED", "READY", "FAILED");
  }

  @Test
  void an_unknown_resource_is_not_found() {
    server.get("/stacks/none/runs").isProblem(404, "no-such-stack");
    server.post("/stacks/none/runs", RUN).isProblem(404, "no-such-stack");
    server.get(RUNS + "/none").isProblem(404, "no-such-run");
    server.get(RUNS + "/a%20b").isProblem(404, "no-such-run");
    server.post(RUNS + "/none/transitions", "{\"state\":\"READY\"}").isProblem(404, "no-such-run");
  }

  @Test
  void an_unknown_state_is_rejected_with_the_list_of_states() {
    server.post(RUNS, RUN).is(201);

    TestResponse response =
        server.post(RUNS + "/r1/transitions", "{\"state\":\"DONE\"}").isValidationError("/state");

    assertThat(response.textAt("/errors/0/detail")).contains("QUEUED", "FINISHED", "SKIPPED");
    assertThat(server.get(RUNS + "/r1").at("/transitions")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      delimiter = '|',
      value = {
        "{} | /branch /commit",
        "{\"branch\":\"\",\"commit\":{}} | /branch /commit/hash",
        "{\"branch\":\"m\",\"commit\":null} | /commit",
        "{\"branch\":\"m\",\"commit\":[]} | /commit",
        "{\"branch\":\"\\ud800\",\"commit\":{\"hash\":\"h\",\"message\":\"\\u0000\"}} | /branch"
            + " /commit/message",
        "{\"branch\":\"m\",\"commit\":{\"hash\":\"h\",\"sha\":\"x\",\"timestamp\":\"yesterday\"}} |"
            + " /commit/sha /commit/timestamp",
        "{\"branch\":\"m\",\"commit\":{\"hash\":\"h\"},\"id\":\"a b\"} | /id",
        "{\"branch\":\"m\",\"commit\":{\"hash\":\"h\"},\"id\":null} | /id",
        "{\"branch\":\"m\",\"commit\":{\"hash\":\"h\"},\"type\":\"DRIFT\"} | /type",
        "{\"branch\":\"m\",\"commit\":{\"hash\":\"h\"},\"type\":\"tracked\"} | /type",
        "{\"branch\":\"m\",\"commit\":{\"hash\":\"h\"},\"state\":1} | /state",
        "{\"branch\":\"m\",\"commit\":{\"hash\":\"h\"},\"stateVersion\":0} | /stateVersion",
        "{\"branch\":\"m\",\"commit\":{\"hash\":\"h\"},\"stateVersion\":1.0} | /stateVersion",
        "{\"branch\":\"m\",\"commit\":{\"hash\":\"h\"},\"stateVersion\":1e999999999} |"
            + " /stateVersion",
        "{\"branch\":\"m\",\"commit\":{\"hash\":\"h\"},\"stateVersion\":\"1\"} | /stateVersion",
        "{\"branch\":\"m\",\"commit\":{\"hash\":\"h\"},\"stateVersion\":9223372036854775808} |"
            + " /stateVersion",
        "{\"branch\":\"m\",\"commit\":{\"hash\":\"h\"},\"driftDetection\":\"true\"} |"
            + " /driftDetection",
        "{\"branch\":\"m\",\"commit\":{\"hash\":\"h\"},\"createdAt\":\"2026-02-30T00:00:00Z\"} |"
            + " /createdAt",
        "{\"branch\":\"m\",\"commit\":{\"hash\":\"h\"},\"createdAt\":\"2026-01-31T00:00:00\"} |"
            + " /createdAt",
        "{\"branch\":\"m\",\"commit\":{\"hash\":\"h\"},\"createdAt\":1596979665} | /createdAt",
        "{\"branch\":\"m\",\"commit\":{\"hash\":\"h\"},\"timestamp\":\"9999-12-31T23:59:59-01:00\"}"
            + " | /timestamp",
        "{\"branch\":\"m\",\"commit\":{\"hash\":\"h\"},\"delta\":{\"added\":-1,\"changed\":0,\"deleted\":0}}"
            + " | /delta/added /delta/resources",
        "{\"branch\":\"m\",\"commit\":{\"hash\":\"h\",\"hash\":\"i\"}} | /commit/hash",
      })
  void an_invalid_field_is_named_and_nothing_is_recorded(String body, String pointers) {
    server.post(RUNS, body).isValidationError(pointers.split(" "));

    assertThat(server.get(RUNS).isOk().at("/items")).isEmpty();
  }

  @Test
  void the_changes_of_a_run_are_those_of_its_latest_report_with_a_list() {
    server.post(RUNS, RUN).is(201);
    String change =
        "{\"address\":\"aws_db_instance.main\",\"type\":\"aws_db_instance\",\"action\":\"%s\"}";
    String planned = "[" + change.formatted("replace") + "]";
    report("PLANNING", planned);
    report("UNCONFIRMED", "[" + change.formatted("delete") + "],\"changesTruncated\":true");
    server.post(RUNS + "/r1/transitions", "{\"state\":\"CONFIRMED\"}").is(201);

    assertThat(server.get(RUNS + "/r1/changes").isOk().text())
        .isEqualTo(
            "{\"stateVersion\":3,\"changes\":[%s],\"changesTruncated\":true}"
                .formatted(change.formatted("delete")));
    assertThat(server.get(RUNS + "/r1/changes?stateVersion=2").isOk().text())
        .isEqualTo(
            "{\"stateVersion\":2,\"changes\":%s,\"changesTruncated\":false}".formatted(planned));
    assertThat(server.get(RUNS + "/r1/changes?stateVersion=4").isOk().text())
        .isEqualTo("{\"stateVersion\":null,\"changes\":null,\"changesTruncated\":null}");
    assertThat(server.get(RUNS + "/r1").isOk().texts("/transitions", "changeCount"))
        .containsExactly("null", "1", "1", "null");
    server.get(RUNS + "/r1/changes?stateVersion=x").isProblem(400, "validation-error");
    server.get(RUNS + "/none/changes").isProblem(404, "no-such-run");
  }

  @Test
  void a_complete_list_of_changes_has_a_delta_and_a_truncated_one_has_none() {
    server.post(RUNS, RUN).is(201);
    report("PLANNING", changes(3, "delete") + ",\"changesTruncated\":true");
    assertThat(server.get(RUNS + "/r1").at("/delta").isNull()).isTrue();

    report("PLANNING", changes(3, "replace"));

    assertThat(server.get(RUNS + "/r1").at("/delta").toString())
        .isEqualTo("{\"added\":3,\"changed\":0,\"deleted\":3,\"resources\":0}");
  }

  @Test
  void a_list_of_changes_is_limited_and_checked() {
    server.post(RUNS, RUN).is(201);
    report("PLANNING", changes(1000, "create"));

    assertThat(
            server
                .post(
                    RUNS + "/r1/transitions",
                    "{\"state\":\"PLANNING\",\"changes\":%s}".formatted(changes(1001, "create")))
                .isValidationError("/changes")
                .text())
        .contains("a report has at most 1,000 changes, not 1,001");
    for (String change :
        List.of(
            "{\"type\":\"t\",\"action\":\"delete\"}",
            "{\"address\":\"\",\"type\":\"t\",\"action\":\"delete\"}",
            "{\"address\":\"a\\u202e\",\"type\":\"t\",\"action\":\"delete\"}",
            "{\"address\":\"a\",\"type\":\"t\",\"action\":\"no-op\"}",
            "{\"address\":\"a\",\"type\":\"t\",\"action\":\"delete\",\"before\":{}}",
            "{\"address\":\"%s\",\"type\":\"t\",\"action\":\"delete\"}"
                .formatted("a".repeat(1025)))) {
      server
          .post(
              RUNS + "/r1/transitions",
              "{\"state\":\"PLANNING\",\"changes\":[%s]}".formatted(change))
          .isProblem(400, "validation-error");
    }
    assertThat(server.get(RUNS + "/r1").at("/stateVersion").asLong()).isEqualTo(2);
  }

  private void report(String state, String changes) {
    server
        .post(
            RUNS + "/r1/transitions", "{\"state\":\"%s\",\"changes\":%s}".formatted(state, changes))
        .is(201);
  }

  private static String changes(int count, String action) {
    return IntStream.range(0, count)
        .mapToObj(i ->
            "{\"address\":\"aws_instance.a[%d]\",\"type\":\"aws_instance\",\"action\":\"%s\"}"
                .formatted(i, action))
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Test
  void text_in_any_script_is_stored_exactly() {
    String text = "Ünïcode Привет 世界 שלום 👩‍👩‍👧 \u0001\r\n\t\"\\ \u2028 e\u0301";

    server
        .post(
            RUNS,
            Json.write(
                Map.of(
                    "id",
                    "r1",
                    "branch",
                    text,
                    "note",
                    text,
                    "commit",
                    Map.of("hash", text, "message", text))))
        .is(201);

    TestResponse run = server.get(RUNS + "/r1").isOk();
    for (String pointer :
        List.of("/branch", "/commit/hash", "/commit/message", "/transitions/0/note")) {
      assertThat(run.textAt(pointer)).as(pointer).isEqualTo(text);
    }
  }
}
