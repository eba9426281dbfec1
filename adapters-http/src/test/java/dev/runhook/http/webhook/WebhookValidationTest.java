package dev.runhook.http.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Errors in a webhook are reported with their pointers, and nothing is saved.
@Tag("slow")
class WebhookValidationTest {
  private static final String WEBHOOKS = "/stacks/demo/webhooks";
  private static final String ENDPOINT = "https://hooks.example.com/in?key=1";
  private static final String SIMPLE = "{\"endpoint\":\"" + ENDPOINT + "\"}";

  private final TestServer server = new TestServer().withDemoStack();

  @AfterEach
  void tearDown() {
    server.close();
  }

  private String create(String body) {
    return WEBHOOKS + "/" + server.post(WEBHOOKS, body).is(201).textAt("/id");
  }

  @Test
  void null_resets_only_optional_fields() {
    String webhook =
        create(
            SIMPLE.replace(
                "}",
                ",\"name\":\"n\",\"states\":[\"FAILED\"],\"types\":[\"TASK\"],\"driftDetection\":true,"
                    + "\"previousStates\":[\"APPLYING\"],\"branches\":[\"main\"],\"delta\":true,"
                    + "\"stackLabels\":[\"prod\"],\"events\":[\"secret_rotated\"],\"format\":\"slack\",\"headers\":{\"X-A\":\"1\"}}"));

    server
        .patch(webhook, "{\"endpoint\":null,\"secret\":null,\"enabled\":null}")
        .isValidationError("/endpoint", "/secret", "/enabled");
    TestResponse blank =
        server
            .patch(
                webhook,
                "{\"name\":null,\"states\":null,\"types\":null,\"driftDetection\":null,\"headers\":null,"
                    + "\"format\":null,"
                    + "\"previousStates\":null,\"branches\":null,\"delta\":null,\"stackLabels\":null,\"events\":null}")
            .isOk();

    assertThat(blank.textAt("/name")).isEmpty();
    assertThat(blank.at("/states")).isEmpty();
    assertThat(blank.at("/types")).isEmpty();
    assertThat(blank.at("/driftDetection").isNull()).isTrue();
    assertThat(blank.at("/previousStates")).isEmpty();
    assertThat(blank.at("/branches")).isEmpty();
    assertThat(blank.at("/delta").isNull()).isTrue();
    assertThat(blank.at("/stackLabels")).isEmpty();
    assertThat(blank.at("/events")).hasToString("[\"run_state_changed\"]");
    assertThat(blank.textAt("/format")).isEqualTo("runhook");
    assertThat(blank.at("/headers").toString()).isEqualTo("{}");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      delimiter = '|',
      value = {
        "{\"secret\":\" \"} | /secret",
        "{\"overlap\":\"24 h\"} | /overlap",
        "{\"overlap\":\"P31D\"} | /overlap",
        "{\"overlap\":\"-PT1S\"} | /overlap",
        "{\"overlap\":\"PT99999999999999999999H\"} | /overlap",
        "{\"overlap\":86400} | /overlap",
        "{\"overlap\":null} | /overlap"
      })
  void an_invalid_rotation_is_rejected(String body, String pointer) {
    String webhook = create(SIMPLE);
    String before = server.get(webhook + "/secret").textAt("/secret");

    server.post(webhook + "/secret", body).isValidationError(pointer);

    assertThat(server.get(webhook + "/secret").textAt("/secret")).isEqualTo(before);
  }

  @Test
  void a_normalized_endpoint_is_unique_within_a_stack() {
    create(SIMPLE);
    String other = create("{\"endpoint\":\"https://other.example.com\"}");

    for (String spelling : new String[] {ENDPOINT, "HTTPS://Hooks.Example.COM:443/in?key=1"}) {
      String body = "{\"endpoint\":\"" + spelling + "\"}";
      server.post(WEBHOOKS, body).isProblem(409, "endpoint-taken");
      server.patch(other, body).isProblem(409, "endpoint-taken");
    }

    assertThat(server.get(WEBHOOKS).at("/items")).hasSize(2);
    assertThat(server.get(other).textAt("/endpoint")).isEqualTo("https://other.example.com");
  }

  @Test
  void an_endpoint_that_is_not_a_url_is_malformed() {
    String other = create("{\"endpoint\":\"https://other.example.com\"}");
    for (String endpoint :
        new String[] {
          "",
          "hooks.example.com",
          "ftp://example.com/",
          "https://u:p@example.com/",
          "https://exa mple.com"
        }) {
      TestResponse response =
          server
              .post(WEBHOOKS, "{\"endpoint\":\"" + endpoint + "\"}")
              .isProblem(400, "endpoint-malformed");
      assertThat(response.texts("/errors", "pointer")).containsExactly("/endpoint");
      server
          .patch(other, "{\"endpoint\":\"" + endpoint + "\"}")
          .isProblem(400, "endpoint-malformed");
    }

    assertThat(server.get(WEBHOOKS).at("/items")).hasSize(1);
  }

  @Test
  void a_denied_endpoint_is_forbidden() {
    for (String endpoint :
        new String[] {
          "http://127.0.0.1/", "http://169.254.169.254/latest", "http://[::1]/", "http://localhost/"
        }) {
      TestResponse response =
          server
              .post(WEBHOOKS, "{\"endpoint\":\"" + endpoint + "\"}")
              .isProblem(422, "endpoint-forbidden");
      assertThat(response.texts("/errors", "pointer")).containsExactly("/endpoint");
    }

    assertThat(server.get(WEBHOOKS).at("/items")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      delimiter = '|',
      value = {
        "{} | /endpoint",
        "{\"endpoint\":null} | /endpoint",
        "{\"endpoint\":7} | /endpoint",
        "{\"endpoint\":\"https://example.com\",\"url\":\"x\"} | /url",
        "{\"endpoint\":\"https://example.com\",\"secret\":\"\"} | /secret",
        "{\"endpoint\":\"https://example.com\",\"secret\":\" \\t\"} | /secret",
        "{\"endpoint\":\"https://example.com\",\"secret\":null} | /secret",
        "{\"endpoint\":\"https://example.com\",\"enabled\":\"no\"} | /enabled",
        "{\"endpoint\":\"https://example.com\",\"enabled\":0} | /enabled",
        "{\"endpoint\":\"https://example.com\",\"name\":\"a\\nb\"} | /name",
        "{\"endpoint\":\"https://example.com\",\"states\":[\"DONE\",\"FAILED\",\"failed\"]} |"
            + " /states/0 /states/2",
        "{\"endpoint\":\"https://example.com\",\"states\":\"FAILED\"} | /states",
        "{\"endpoint\":\"https://example.com\",\"types\":[\"DRIFT\"]} | /types/0",
        "{\"endpoint\":\"https://example.com\",\"driftDetection\":\"no\"} | /driftDetection",
        "{\"endpoint\":\"https://example.com\",\"previousStates\":[\"DONE\"]} | /previousStates/0",
        "{\"endpoint\":\"https://example.com\",\"branches\":\"main\"} | /branches",
        "{\"endpoint\":\"https://example.com\",\"branches\":[\"main\",\"\",\"v[12]\",null]} |"
            + " /branches/1 /branches/2 /branches/3",
        "{\"endpoint\":\"https://example.com\",\"delta\":\"yes\"} | /delta",
        "{\"endpoint\":\"https://example.com\",\"deletedAtLeast\":0,\"changedAtLeast\":\"1\"} |"
            + " /deletedAtLeast /changedAtLeast",
        "{\"endpoint\":\"https://example.com\",\"deletedAtLeast\":1.5,\"changedAtLeast\":1000001} |"
            + " /deletedAtLeast /changedAtLeast",
        "{\"endpoint\":\"https://example.com\",\"resources\":[\"a\",\"\",\"destroys:a\",\"delete:\",7]} |"
            + " /resources/1 /resources/2 /resources/3 /resources/4",
        "{\"endpoint\":\"https://example.com\",\"includeChanges\":\"yes\"} | /includeChanges",
        "{\"endpoint\":\"https://example.com\",\"stackLabels\":[\" \",7]} |"
            + " /stackLabels/0 /stackLabels/1",
        "{\"endpoint\":\"https://example.com\",\"events\":[\"queue_lagging\",\"ping\",\"x\"]} |"
            + " /events/1 /events/2",
        "{\"endpoint\":\"https://example.com\",\"events\":[]} | /events",
        "{\"endpoint\":\"https://example.com\",\"format\":\"SLACK\"} | /format",
        "{\"endpoint\":\"https://example.com\",\"format\":\"template\",\"template\":7} | /template",
        "{\"endpoint\":\"https://example.com\",\"template\":\" \"} | /template",
        "{\"endpoint\":\"https://example.com\",\"headers\":[]} | /headers",
        "{\"endpoint\":\"https://example.com\",\"headers\":{\"X-A\":1}} | /headers/X-A",
        "{\"endpoint\":\"https://example.com\",\"headers\":{\"X-A\":null}} | /headers/X-A",
        "{\"endpoint\":\"https://example.com\",\"headers\":{\"X-A\":\"a\\r\\nb:"
            + " c\",\"Content-Length\":\"1\"}} | /headers/X-A /headers/Content-Length",
        "{\"endpoint\":\"https://example.com\",\"headers\":{\"webhook-id\":\"1\",\"a(b\":\"1\"}} |"
            + " /headers/webhook-id /headers/a(b",
        "{\"endpoint\":\"https://example.com\",\"headers\":{\"X-A\":\"1\",\"x-a\":\"2\"}} |"
            + " /headers",
        "{\"endpoint\":\"https://example.com\",\"timeout\":5} | /timeout",
        "{\"endpoint\":\"https://example.com\",\"timeout\":\"5\"} | /timeout",
        "{\"endpoint\":\"https://example.com\",\"timeout\":\"PT0.099S\"} | /timeout",
        "{\"endpoint\":\"https://example.com\",\"timeout\":\"301s\"} | /timeout",
        "{\"endpoint\":\"https://example.com\",\"timeout\":\"PT99999999999999999999H\"} | /timeout",
        "{\"endpoint\":\"https://example.com\",\"timeout\":\"PT1.0000001S\"} | /timeout",
        "{\"endpoint\":\"https://example.com\",\"retrySchedule\":\"PT5S\"} | /retrySchedule",
        "{\"endpoint\":\"https://example.com\",\"retrySchedule\":[\"PT5S\",null,\"8d\",\"-PT1S\",30]}"
            + " | /retrySchedule/1 /retrySchedule/2 /retrySchedule/3 /retrySchedule/4",
      })
  void an_invalid_field_is_named_and_nothing_is_saved(String body, String pointers) {
    server.post(WEBHOOKS, body).isValidationError(pointers.split(" "));

    assertThat(server.get(WEBHOOKS).at("/items")).isEmpty();
  }

  @Test
  void an_invalid_branch_pattern_is_named_with_the_position_and_changes_nothing() {
    String webhook = create(SIMPLE.replace("}", ",\"branches\":[\"main\"]}"));
    String before = server.get(webhook).text();
    String tooMany = IntStream.range(0, 21).mapToObj(i -> "\"b" + i + "\"").toList().toString();

    TestResponse invalid = server.patch(webhook, "{\"branches\":[\"main\",\"release/[0-9]\"]}");
    TestResponse many = server.patch(webhook, "{\"name\":\"new\",\"branches\":" + tooMany + "}");

    assertThat(invalid.isValidationError("/branches/1").texts("/errors", "detail"))
        .containsExactly("must not have \"[\" at character 9; use * or **");
    assertThat(many.isValidationError("/branches").texts("/errors", "detail").getFirst())
        .contains("at most 20");
    assertThat(server.get(webhook).text()).isEqualTo(before);
  }

  @Test
  void an_invalid_timeout_or_schedule_changes_nothing() {
    String webhook = create(SIMPLE.replace("}", ",\"timeout\":\"PT5S\",\"retrySchedule\":[]}"));
    String before = server.get(webhook).text();
    String tooMany = "\"PT1S\",".repeat(500) + "\"PT1S\"";

    server
        .patch(webhook, "{\"timeout\":\"PT1H\",\"retrySchedule\":[\"PT1S\",\"soon\"]}")
        .isValidationError("/timeout", "/retrySchedule/1");
    TestResponse many =
        server.patch(webhook, "{\"name\":\"new\",\"retrySchedule\":[" + tooMany + "]}");

    assertThat(many.isValidationError("/retrySchedule").texts("/errors", "detail").getFirst())
        .contains("at most 500");
    assertThat(server.get(webhook).text()).isEqualTo(before);
  }

  @Test
  void a_problem_never_quotes_a_secret() {
    String secret = "top\\u0007secret";
    String webhook = create(SIMPLE);

    for (TestResponse response :
        new TestResponse[] {
          server.post(
              WEBHOOKS, "{\"endpoint\":\"https://example.com\",\"secret\":\"" + secret + "\"}"),
          server.patch(webhook, "{\"secret\":\"" + secret + "\"}"),
          server.post(webhook + "/secret", "{\"secret\":\"" + secret + "\"}"),
          server.post(webhook + "/secret", "{\"secret\":topsecret}"),
          server.post(webhook + "/secret", "{\"secret\":\"topsecret"),
          server.post(webhook + "/secret", "{\"secret\":[\"topsecret\"]}")
        }) {
      assertThat(response.isProblem(400, "validation-error").text())
          .doesNotContain("secret\u0007", "topsecret", "\\u0007");
    }
  }
}
