package dev.runhook.http.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.http.server.TestServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Lists of the runs of a stack and of the account, and their filters.
@Tag("four-buckets")
class RunListTest {
  @AutoClose private final TestServer server = new TestServer().withDemoStack();

  @BeforeEach
  void addRuns() {
    server.put("/stacks/net", "{\"name\":\"Net\"}").is(201);
    start("demo", "one", "TRACKED", "main", "2026-01-01T10:00:00Z");
    start("demo", "two", "PROPOSED", "a&b/c", "2026-01-02T10:00:00Z");
    start("net", "three", "TRACKED", "main", "2026-01-03T10:00:00Z");
    start("demo", "late", "TASK", "main", "2025-12-31T10:00:00Z");
    server.post("/stacks/demo/runs/one/transitions", "{\"state\":\"FAILED\"}").is(201);
  }

  private void start(String stack, String id, String type, String branch, String createdAt) {
    server
        .post(
            "/stacks/" + stack + "/runs",
            """
            {"id":"%s","type":"%s","branch":"%s","createdAt":"%s","commit":{"hash":"h"}}
            """
                .formatted(id, type, branch, createdAt))
        .is(201);
  }

  @ParameterizedTest
  @CsvSource({
    "'', two one late",
    "?state=FAILED, one",
    "?state=QUEUED, two late",
    "?state=READY, ''",
    "?type=TASK, late",
    "?branch=main, one late",
    "?branch=a%26b/c, two",
    "?branch=mai, ''",
    "?idPrefix=t, two",
    "?idPrefix=o, one",
    "?idPrefix=ne, ''",
    "?idPrefix=%25, ''",
    "?commit=h, two one late",
    "?commit=hh, ''",
    "?from=2026-01-01T10:00:00Z, two one",
    "?to=2026-01-01T10:00:00Z, late",
    "?from=2026-01-01T00:00:00Z&to=2026-01-02T10:00:00Z, one",
    "?state=QUEUED&type=TASK&branch=main&to=2026-01-01T00:00:00Z, late",
    "?from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z, ''",
  })
  void every_filter_excludes_runs_that_do_not_match(String filter, String expected) {
    assertThat(
            String.join(" ", server.get("/stacks/demo/runs" + filter).isOk().texts("/items", "id")))
        .isEqualTo(expected);
  }

  @Test
  void runs_of_the_account_are_limited_to_visible_stacks() {
    assertThat(server.get("/runs").isOk().texts("/items", "id"))
        .containsExactly("three", "two", "one", "late");
    assertThat(server.get("/runs").texts("/items", "stack"))
        .containsExactly("net", "demo", "demo", "demo");
    assertThat(server.get("/runs?stack=net").isOk().texts("/items", "id")).containsExactly("three");
    assertThat(server.get("/runs?stack=none").isOk().at("/items")).isEmpty();
    assertThat(server.get("/runs?branch=main&type=TRACKED").isOk().texts("/items", "id"))
        .containsExactly("three", "one");
    assertThat(server.getAs(TestServer.STACK_ADMIN, "/runs").isOk().texts("/items", "id"))
        .containsExactly("two", "one", "late");
    assertThat(server.getAs(TestServer.STACK_ADMIN, "/runs?stack=net").isOk().at("/items"))
        .isEmpty();
    assertThat(server.getAs(TestServer.OTHER_ACCOUNT, "/runs").isOk().at("/items")).isEmpty();
  }

  @Test
  void a_cursor_is_valid_with_every_filter() {
    String afterThree = "&after=" + server.get("/runs?limit=1").isOk().textAt("/next");

    assertThat(server.get("/runs?branch=main" + afterThree).isOk().texts("/items", "id"))
        .containsExactly("one", "late");
    assertThat(server.get("/runs?to=2026-01-01T00:00:00Z" + afterThree).texts("/items", "id"))
        .containsExactly("late");
    assertThat(server.get("/runs?from=2026-01-04T00:00:00Z" + afterThree).isOk().at("/items"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state=NONE",
        "type=none",
        "branch=",
        "idPrefix=",
        "commit=",
        "from=yesterday",
        "to=1",
        "stack=a%20b"
      })
  void an_invalid_filter_is_named(String filter) {
    String name = filter.substring(0, filter.indexOf('='));

    assertThat(server.get("/runs?" + filter).isProblem(400, "validation-error").textAt("/detail"))
        .startsWith(name + ": ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/runs", "/stacks/demo/runs", "/deliveries", "/audit"})
  void a_range_that_ends_before_it_begins_is_reported(String list) {
    String range = "?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z";

    assertThat(server.get(list + range).isProblem(400, "validation-error").textAt("/detail"))
        .isEqualTo("from: must not be after \"to\"");
  }

  @Test
  void an_unknown_stack_is_not_found() {
    server.get("/stacks/none/runs?state=QUEUED").isProblem(404, "no-such-stack");
  }
}
