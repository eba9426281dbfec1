package dev.runhook.http.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.http.json.Json;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StackRoutesTest {
  private final TestServer server = new TestServer();

  @AfterEach
  void tearDown() {
    server.close();
  }

  @Test
  void a_stack_is_created_read_updated_listed_and_deleted() {
    TestResponse created =
        server.put(
            "/stacks/net",
            """
            {"name":"Net","description":"x","labels":["a","b","a"],"url":"https://ci.example.com/7",\
            "repository":"git@x:net.git"}
            """);

    created.is(201);
    assertThat(created.header("Location")).isEqualTo("/api/v1/stacks/net");
    assertThat(created.header("Content-Type")).isEqualTo("application/json");
    assertThat(created.text())
        .startsWith(
            """
            {"id":"net","name":"Net","description":"x","labels":["a","b","a"],"url":"https://ci.example.com/7",\
            "repository":"git@x:net.git",\
            "latestRun":null,"webhooks":{"total":0,"failing":0,"paused":0,"disabled":0},\
            "failedDeliveries":0,"health":{"verdict":"IDLE",\
            """);
    assertThat(server.get("/stacks/net").isOk().json()).isEqualTo(created.json());
    assertThat(server.put("/stacks/net", "{\"name\":\"Network\"}").isOk().text())
        .startsWith(
            """
            {"id":"net","name":"Network","description":"","labels":[],"url":null,"repository":null,\
            "latestRun":null,"webhooks":{"total":0,"failing":0,"paused":0,"disabled":0},\
            "failedDeliveries":0,"health":{"verdict":"IDLE",\
            """);
    assertThat(server.get("/stacks").isOk().text())
        .startsWith("{\"items\":[{\"id\":\"net\"")
        .endsWith("],\"next\":null}");
    assertThat(server.delete("/stacks/net").is(204).text()).isEmpty();
    server.get("/stacks/net").isProblem(404, "no-such-stack");
    server.delete("/stacks/net").isProblem(404, "no-such-stack");
  }

  @Test
  void a_change_based_on_an_outdated_stack_is_refused() {
    String first = server.put("/stacks/net", "{\"name\":\"Net\"}").is(201).header("ETag");
    String second = change("PUT", "{\"name\":\"Network\"}", first).isOk().header("ETag");

    change("PUT", "{\"name\":\"Nets\"}", first).isProblem(412, "precondition-failed");
    change("DELETE", "", first).isProblem(412, "precondition-failed");

    assertThat(server.get("/stacks/net").isOk().header("ETag")).isEqualTo(second);
    assertThat(server.get("/stacks/net").textAt("/name")).isEqualTo("Network");
    change("DELETE", "", second).is(204);
    change("PUT", "{\"name\":\"Net\"}", second).isProblem(412, "precondition-failed");
  }

  private TestResponse change(String method, String json, String ifMatch) {
    return server.send(
        server
            .request(method, "/stacks/net", BodyPublishers.ofString(json))
            .header("If-Match", ifMatch));
  }

  @Test
  void null_has_the_same_meaning_as_an_omitted_field() {
    TestResponse created =
        server.put(
            "/stacks/net",
            "{\"name\":\"Net\",\"description\":null,\"labels\":null,\"url\":null,\"repository\":null}");

    assertThat(created.is(201).at("/labels")).isEmpty();
    assertThat(created.at("/url").isNull()).isTrue();
  }

  @Test
  void an_existing_stack_has_no_location_header() {
    server.withDemoStack();

    assertThat(server.put("/stacks/demo", "{\"name\":\"Demo 2\"}").isOk().header("Location"))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      delimiter = '|',
      value = {
        "{} | /name",
        "{\"name\":\" \"} | /name",
        "{\"name\":null} | /name",
        "{\"name\":7} | /name",
        "{\"name\":\"x\",\"url\":7} | /url",
        "{\"name\":\"x\",\"labels\":\"a\"} | /labels",
        "{\"name\":\"x\",\"labels\":[\"a\",7,\"\"]} | /labels/1 /labels/2",
        "{\"name\":\"x\",\"labels\":[null]} | /labels/0",
        "{\"name\":\"x\",\"colour\":\"red\"} | /colour",
        "{\"name\":\"x\",\"a/b~c\":1} | /a~1b~0c",
        "{\"name\":\"x\",\"name\":\"y\"} | /name",
        "{\"name\":\"a\\u0000b\"} | /name",
        "{\"name\":\"\\ud83d\"} | /name",
        "{\"name\":7,\"description\":7,\"x\":1} | /name /description /x",
      })
  void an_invalid_field_is_named_and_nothing_is_saved(String body, String pointers) {
    server.put("/stacks/net", body).isValidationError(pointers.split(" "));

    server.get("/stacks/net").isProblem(404, "no-such-stack");
  }

  @Test
  void an_unknown_field_is_rejected_with_the_list_of_known_fields() {
    TestResponse response =
        server.put("/stacks/net", "{\"name\":\"x\",\"nmae\":\"y\"}").isValidationError("/nmae");

    assertThat(response.textAt("/errors/0/detail"))
        .isEqualTo(
            "unknown field; the known fields are name, description, labels, url, repository");
  }

  @Test
  void a_required_field_that_is_null_is_not_reported_as_missing() {
    TestResponse response = server.put("/stacks/net", "{\"name\":null}").isValidationError("/name");

    assertThat(response.textAt("/errors/0/detail")).isEqualTo("must not be null");
  }

  @Test
  void a_single_error_is_also_in_the_detail() {
    assertThat(server.put("/stacks/net", "{}").textAt("/detail")).isEqualTo("/name: is required");
    assertThat(server.put("/stacks/net", "{\"x\":1}").textAt("/detail"))
        .isEqualTo("the request has 2 errors; see \"errors\"");
  }

  @Test
  void a_text_may_have_the_maximum_length() {
    server.put("/stacks/a", stack("ü".repeat(256), "🚀".repeat(2048), "x".repeat(128))).is(201);
    server
        .put("/stacks/b", stack("x".repeat(257), "x".repeat(4097), "x".repeat(129)))
        .isValidationError("/name", "/description", "/labels/0");
  }

  private static String stack(String name, String description, String label) {
    return "{\"name\":\"%s\",\"description\":\"%s\",\"labels\":[\"%s\"]}"
        .formatted(name, description, label);
  }

  @Test
  void the_number_of_labels_is_limited() {
    String labels = String.join(",", Collections.nCopies(65, "\"a\""));

    server
        .put("/stacks/net", "{\"name\":\"x\",\"labels\":[" + labels + "]}")
        .isValidationError("/labels");
  }

  @Test
  void an_invalid_stack_id_is_reported_as_invalid() {
    TestResponse response =
        server.put("/stacks/a%20b", "{\"name\":\"x\"}").isProblem(400, "validation-error");

    assertThat(response.textAt("/errors/0/parameter")).isEqualTo("stack");
    assertThat(server.get("/stacks/a%20b").isProblem(404, "no-such-stack").textAt("/detail"))
        .isEqualTo("\"a b\" is not a valid stack id");
  }

  @Test
  void text_in_any_script_is_stored_exactly() {
    for (String text :
        Arrays.asList(
            "naïve",
            "Москва",
            "東京都",
            "עברית",
            "👩‍👩‍👧",
            "e\u0301 vs é",
            "\u202eabc",
            "\u0001\t\n\u2028",
            "<b>&\"\\")) {
      String json = Json.write(Map.of("name", text, "labels", List.of(text)));

      server.put("/stacks/script", json);

      assertThat(server.get("/stacks/script").isOk().textAt("/name")).isEqualTo(text);
      assertThat(server.get("/stacks/script").textAt("/labels/0")).isEqualTo(text);
    }
  }
}
