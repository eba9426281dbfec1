package dev.runhook.http.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The search, which explains what webhooks received.
@Tag("slow")
@Tag("four-buckets")
class SearchRoutesTest {
  private static final String COMMIT = "4f2a9c1d7e";

  @AutoClose private final TestServer server = new TestServer().withDemoStack();
  private String slack;
  private String audit;

  @BeforeEach
  void addRuns() {
    server.put("/stacks/net", "{\"name\":\"Backbone\",\"labels\":[\"env:prod\"]}").is(201);
    slack = createWebhook("demo", "Slack #platform", "branches", "main");
    audit = createWebhook("demo", "Audit", "states", "FAILED");
    createWebhook("net", "Slack #net", "states", "QUEUED");
    start("demo", "01JD1FC8", "feature/vpc");
    start("demo", "01JD1FD0", "main");
    start("net", "01JD2", "main");
  }

  private String createWebhook(String stack, String name, String filter, String value) {
    return server
        .post(
            "/stacks/" + stack + "/webhooks",
            "{\"endpoint\":\"https://hooks.example.com/%s\",\"name\":\"%s\",\"%s\":[\"%s\"]}"
                .formatted(name.replaceAll("\\W", ""), name, filter, value))
        .is(201)
        .textAt("/id");
  }

  private void start(String stack, String id, String branch) {
    server
        .post(
            "/stacks/" + stack + "/runs",
            "{\"id\":\"%s\",\"branch\":\"%s\",\"commit\":{\"hash\":\"%s\"}}"
                .formatted(id, branch, COMMIT + id))
        .is(201);
  }

  private TestResponse search(String terms) {
    return server.get("/search?q=" + URLEncoder.encode(terms, StandardCharsets.UTF_8)).isOk();
  }

  @Test
  void a_run_and_a_webhook_say_why_the_webhook_did_not_get_it() {
    server.post("/stacks/demo/runs/01JD1FC8/transitions", "{\"state\":\"FAILED\"}").is(201);

    TestResponse found = search("slack 01JD1FC8");

    assertThat(found.texts("/runs", "id")).containsExactly("01JD1FC8");
    assertThat(found.texts("/outcomes", "state")).containsExactly("FAILED", "QUEUED");
    assertThat(found.textAt("/outcomes/0/run")).isEqualTo("01JD1FC8");
    assertThat(found.textAt("/outcomes/0/outcome/webhook")).isEqualTo(slack);
    assertThat(found.at("/outcomes/0/outcome/delivery").isNull()).isTrue();
    assertThat(found.textAt("/outcomes/0/outcome/explanation/0/code")).isEqualTo("SKIPPED_BRANCH");
    assertThat(found.at("/outcomes/0/similar/count").asInt()).isEqualTo(2);
    assertThat(found.at("/unknown")).isEmpty();
  }

  @Test
  void a_run_alone_says_what_every_webhook_received() {
    TestResponse found = search("01JD1FD0");

    assertThat(found.texts("/outcomes", "run")).containsOnly("01JD1FD0");
    assertThat(found.textAt("/outcomes/0/outcome/phase")).isEqualTo("DUE");
    assertThat(found.at("/outcomes/0/similar").isNull()).isTrue();
    assertThat(found.textAt("/outcomes/1/outcome/webhook")).isEqualTo(audit);
    assertThat(found.textAt("/outcomes/1/outcome/explanation/0/code")).isEqualTo("SKIPPED_STATE");
  }

  @ParameterizedTest
  @CsvSource({
    "01JD, '', '', 01JD2 01JD1FD0 01JD1FC8, ''",
    "4f2a9c1d7e01JD2, '', '', 01JD2, ''",
    "demo 01JD, '', '', 01JD1FD0 01JD1FC8, ''",
    "ENV:PROD, net, '', '', ''",
    "prod slack, '', Slack #net, '', ''",
    "prod 01JD, '', '', 01JD2, ''",
    "slack, '', 'Slack #net,Slack #platform', '', ''",
    "slack demo, '', Slack #platform, '', ''",
    "hooks.example.com/Audit, '', Audit, '', ''",
    "backbone, net, '', '', ''",
    "slack missing, '', '', '', missing",
    "%, '', '', '', %",
  })
  void terms_are_found_in_all_kinds_of_objects(
      String terms, String stacks, String webhooks, String runs, String unknown) {
    TestResponse found = search(terms);

    assertThat(String.join(" ", found.texts("/stacks", "id"))).isEqualTo(stacks);
    assertThat(found.texts("/webhooks", "name"))
        .containsExactlyInAnyOrder(webhooks.isEmpty() ? new String[0] : webhooks.split(","));
    assertThat(String.join(" ", found.texts("/runs", "id"))).isEqualTo(runs);
    assertThat(found.at("/unknown").toString())
        .isEqualTo(unknown.isEmpty() ? "[]" : "[\"" + unknown + "\"]");
  }

  @Test
  void a_stack_narrows_the_search_for_runs_and_webhooks() {
    for (int i = 0; i < 21; i++) {
      start("net", "01JE" + i, "main");
      createWebhook("net", "Slack " + i, "states", "FAILED");
    }
    start("demo", "01JE", "main");
    for (int i = 21; i < 42; i++) {
      start("net", "01JE" + i, "main");
    }

    TestResponse found = search("demo 01JE");

    assertThat(found.texts("/runs", "id")).containsExactly("01JE");
    assertThat(found.texts("/outcomes", "run")).containsOnly("01JE");
    assertThat(search("demo slack").texts("/webhooks", "id")).containsExactly(slack);
  }

  @Test
  void ids_find_webhooks_and_deliveries_and_the_deliveries_of_events() {
    TestResponse delivery = server.get("/stacks/demo/webhooks/" + slack + "/deliveries").isOk();
    String id = delivery.textAt("/items/0/id");
    String event = delivery.textAt("/items/0/event");

    assertThat(search(slack).texts("/webhooks", "id")).containsExactly(slack);
    for (String each : new String[] {id, event, event + " slack", id.toUpperCase(Locale.ROOT)}) {
      TestResponse found = search(each);
      assertThat(found.at("/outcomes")).as(each).hasSize(1);
      assertThat(found.textAt("/outcomes/0/outcome/delivery")).isEqualTo(id);
      assertThat(found.textAt("/outcomes/0/run")).isEqualTo("01JD1FD0");
      assertThat(found.at("/unknown")).isEmpty();
    }
    assertThat(search(id + " audit").at("/outcomes")).isEmpty();
  }

  @Test
  void what_a_token_cannot_read_is_not_found() {
    String token =
        server
            .post("/tokens", "{\"name\":\"net\",\"role\":\"reader\",\"stacks\":[\"net\"]}")
            .is(201)
            .textAt("/token");
    String delivery =
        server.get("/stacks/demo/webhooks/" + slack + "/deliveries").isOk().textAt("/items/0/id");

    for (String terms :
        new String[] {"01JD1FC8", "demo", "platform", slack, delivery, COMMIT + "01JD1"}) {
      TestResponse found =
          server
              .getAs(token, "/search?q=" + URLEncoder.encode(terms, StandardCharsets.UTF_8))
              .isOk();
      assertThat(found.at("/unknown").size()).as(terms).isOne();
      assertThat(found.at("/outcomes")).isEmpty();
      assertThat(found.at("/runs")).isEmpty();
      assertThat(found.at("/webhooks")).isEmpty();
      assertThat(found.at("/stacks")).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"''", "?q=", "?q=%20%20", "?q=a+b+c+d+e", "?q=a%00", "?q=a&limit=1"})
  void invalid_terms_are_refused(String query) {
    server.get("/search" + query).isProblem(400, "validation-error");
  }
}
