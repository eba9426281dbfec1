package dev.runhook.http.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.account.Role;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebhookRoutesTest {
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
  void a_webhook_returns_all_of_its_settings() {
    TestResponse created =
        server.post(
            WEBHOOKS,
            """
            {"endpoint":"https://hooks.example.com/in?key=1","secret":"It's a Secret to Everybody","enabled":true,\
            "name":"Chat",
             "states":["FINISHED","FAILED","QUEUED"],"types":["TASK","TRACKED"],"driftDetection":false,\
             "previousStates":["APPLYING","PLANNING"],"branches":["release/*","main","!release/0*","main"],\
             "delta":true,"deletedAtLeast":1,"changedAtLeast":9,"resources":["update:b*","a","a"],\
             "includeChanges":true,"stackLabels":["prod","eu"],"events":["webhook_paused","run_state_changed"],
             "headers":{"X-Api-Key":"k 1","Authorization":"Basic eDp5"},
             "format":"cloudevents","timeout":"2500ms","retrySchedule":["PT0S","90s","1d"],
             "externalId":"tf-1","maxPerSecond":5,"collapse":true}
            """);

    created.is(201);
    String id = created.textAt("/id");
    assertThat(created.header("Location")).isEqualTo("/api/v1/stacks/demo/webhooks/" + id);
    assertThat(
            created
                .text()
                .replaceAll("2026-03-14T12:00:00\\.\\d{3}Z", "NOW")
                .replaceAll("\"trend\":\\{.*?}", "\"trend\":TREND"))
        .isEqualTo(
            """
            {"id":"%s","stack":"demo","accountWebhook":null,"endpoint":"https://hooks.example.com/in?key=1",\
            "name":"Chat","externalId":"tf-1","states":["QUEUED","FINISHED","FAILED"],"types":["TRACKED","TASK"],"driftDetection":false,\
            "previousStates":["PLANNING","APPLYING"],"branches":["!release/0*","main","release/*"],"delta":true,\
            "deletedAtLeast":1,"changedAtLeast":9,"resources":["a","update:b*"],"stackLabels":["eu","prod"],"events":["run_state_changed","webhook_paused"],\
            "format":"cloudevents","template":null,"includeChanges":true,"headers":{"X-Api-Key":"***","Authorization":"***"},\
            "timeout":"PT2.5S",\
            "retrySchedule":["PT0S","PT1M30S","PT24H"],"maxPerSecond":5,"maxPerMinute":null,"collapse":true,\
            "enabled":true,\
            "status":{"state":"ACTIVE","consecutiveFailures":0},"previousSecretExpiresAt":null,"decryptionErrors":[],\
            "formatError":null,"effective":{"timeout":"PT2.5S","retrySchedule":["PT0S","PT1M30S","PT24H"]},\
            "lastSuccessAt":null,"lastFailureAt":null,"pendingDeliveries":0,"failedDeliveries":0,\
            "firstAttempts":{"total":0,"failed":0},\
            "health":{"verdict":"IDLE","cause":"NOTHING_SENT","since":null,"detail":null,"needsAttention":false,\
            "pendingDeliveries":0,"failedDeliveries":0,"oldestPendingAt":null,"lastResult":null,\
            "recent":{"total":0,"delivered":0,"deliveredAtFirst":0,"successRate":null,"p50Ms":null,"p99Ms":null},\
            "trend":TREND},\
            "createdAt":"NOW","updatedAt":"NOW","secret":"It's a Secret to Everybody",\
            "standardSecret":"whsec_SXQncyBhIFNlY3JldCB0byBFdmVyeWJvZHk=","warnings":[]}\
            """
                .formatted(id));
    TestResponse found = server.get(WEBHOOKS + "/" + id).isOk();
    assertThat(created.text()).startsWith(found.text().substring(0, found.text().length() - 1));
    assertThat(server.get(WEBHOOKS).isOk().at("/items/0")).isEqualTo(found.json());
  }

  @Test
  void omitted_fields_of_a_webhook_have_defaults() {
    TestResponse created = server.post(WEBHOOKS, SIMPLE).is(201);

    assertThat(created.textAt("/secret")).matches("whsec_[A-Za-z0-9+/]{43}=");
    assertThat(created.at("/enabled").asBoolean()).isTrue();
    assertThat(created.textAt("/name")).isEmpty();
    assertThat(created.at("/states")).isEmpty();
    assertThat(created.at("/types")).isEmpty();
    assertThat(created.at("/driftDetection").isNull()).isTrue();
    assertThat(created.at("/previousStates")).isEmpty();
    assertThat(created.at("/branches")).isEmpty();
    assertThat(created.at("/delta").isNull()).isTrue();
    assertThat(created.at("/stackLabels")).isEmpty();
    assertThat(created.at("/events")).hasToString("[\"run_state_changed\"]");
    assertThat(created.textAt("/format")).isEqualTo("runhook");
    assertThat(created.at("/headers").toString()).isEqualTo("{}");
    assertThat(created.at("/timeout").isNull()).isTrue();
    assertThat(created.at("/retrySchedule").isNull()).isTrue();
  }

  @Test
  void an_update_changes_only_the_given_fields() {
    String webhook =
        create(
            SIMPLE.replace(
                "}", ",\"name\":\"Chat\",\"states\":[\"FAILED\"],\"headers\":{\"X-A\":\"1\"}}"));
    TestResponse before = server.get(webhook);

    TestResponse named = server.patch(webhook, "{\"name\":\"Talk\"}").isOk();
    TestResponse nothing = server.patch(webhook, "{}").isOk();
    TestResponse moved =
        server
            .patch(
                webhook,
                "{\"endpoint\":\"https://other.example.com/\",\"secret\":\"other\",\"types\":[\"TASK\"]}")
            .isOk();

    assertThat(named.textAt("/name")).isEqualTo("Talk");
    for (String unchanged :
        new String[] {"/endpoint", "/states", "/types", "/headers", "/createdAt", "/enabled"}) {
      assertThat(named.at(unchanged)).as(unchanged).isEqualTo(before.at(unchanged));
    }
    assertThat(nothing.textAt("/name")).isEqualTo("Talk");
    assertThat(moved.textAt("/endpoint")).isEqualTo("https://other.example.com/");
    assertThat(server.get(webhook + "/secret").textAt("/secret")).isEqualTo("other");
    assertThat(moved.at("/types").toString()).isEqualTo("[\"TASK\"]");
    assertThat(moved.textAt("/updatedAt")).isGreaterThan(before.textAt("/updatedAt"));
  }

  @Test
  void the_timeout_and_the_schedule_are_updated_separately_and_reset_by_null() {
    String webhook = create(SIMPLE);

    TestResponse timed = server.patch(webhook, "{\"timeout\":\"30s\"}").isOk();
    TestResponse scheduled = server.patch(webhook, "{\"retrySchedule\":[\"PT1M\"]}").isOk();
    TestResponse never = server.patch(webhook, "{\"timeout\":null,\"retrySchedule\":[]}").isOk();
    TestResponse renamed = server.patch(webhook, "{\"name\":\"Talk\"}").isOk();
    TestResponse defaults = server.patch(webhook, "{\"retrySchedule\":null}").isOk();

    assertThat(deliverySettings(timed)).isEqualTo("\"PT30S\" null");
    assertThat(deliverySettings(scheduled)).isEqualTo("\"PT30S\" [\"PT1M\"]");
    assertThat(deliverySettings(never)).isEqualTo("null []");
    assertThat(deliverySettings(renamed)).isEqualTo("null []");
    assertThat(deliverySettings(defaults)).isEqualTo("null null");
    assertThat(deliverySettings(server.get(webhook).isOk())).isEqualTo("null null");
  }

  @Test
  void a_timeout_that_is_longer_than_the_maximum_of_the_server_is_refused() {
    String webhook = create(SIMPLE);
    String tooLong = "{\"endpoint\":\"https://slow.example.com/\",\"timeout\":\"31s\"}";

    TestResponse created = server.post(WEBHOOKS, tooLong).isProblem(400, "timeout-too-long");
    TestResponse edited = server.patch(webhook, "{\"timeout\":\"31s\"}");
    TestResponse ofAccount =
        server.post("/account-webhooks", tooLong.replace("{", "{\"selector\":{},"));

    assertThat(created.textAt("/detail")).startsWith("a timeout is at most 30s on this server");
    assertThat(created.textAt("/errors/0/pointer")).isEqualTo("/timeout");
    edited.isProblem(400, "timeout-too-long");
    ofAccount.isProblem(400, "timeout-too-long");
    assertThat(deliverySettings(server.get(webhook).isOk())).isEqualTo("null null");
  }

  @Test
  void the_effective_timeout_and_schedule_are_the_servers_where_the_webhook_has_none() {
    String webhook = create(SIMPLE);

    TestResponse defaults = server.get(webhook).isOk();
    TestResponse timed = server.patch(webhook, "{\"timeout\":\"3s\"}").isOk();
    TestResponse never = server.patch(webhook, "{\"retrySchedule\":[]}").isOk();

    assertThat(defaults.at("/effective").toString())
        .isEqualTo("{\"timeout\":\"PT10S\",\"retrySchedule\":[\"PT1H\"]}");
    assertThat(timed.at("/effective").toString())
        .isEqualTo("{\"timeout\":\"PT3S\",\"retrySchedule\":[\"PT1H\"]}");
    assertThat(never.at("/effective").toString())
        .isEqualTo("{\"timeout\":\"PT3S\",\"retrySchedule\":[]}");
    assertThat(server.get(WEBHOOKS).at("/items/0/effective")).isEqualTo(never.at("/effective"));
  }

  private static String deliverySettings(TestResponse webhook) {
    return webhook.at("/timeout") + " " + webhook.at("/retrySchedule");
  }

  @Test
  void a_disabled_webhook_shows_when_and_by_whom_until_it_is_enabled() {
    String webhook = create(SIMPLE);

    TestResponse disabled = server.patch(webhook, "{\"enabled\":false}").isOk();
    TestResponse enabled = server.patch(webhook, "{\"enabled\":true}").isOk();

    assertThat(disabled.at("/enabled").asBoolean(true)).isFalse();
    assertThat(disabled.textAt("/status/state")).isEqualTo("DISABLED");
    assertThat(disabled.textAt("/status/since")).endsWith("Z");
    assertThat(disabled.textAt("/status/cause")).isEqualTo("USER");
    assertThat(disabled.textAt("/status/by")).isEqualTo("ops");
    assertThat(enabled.at("/status").toString())
        .isEqualTo("{\"state\":\"ACTIVE\",\"consecutiveFailures\":0}");
  }

  @Test
  void a_deleted_webhook_is_not_found() {
    String webhook = create(SIMPLE);

    TestResponse deleted = server.delete(webhook).is(204);
    assertThat(deleted.text()).isEmpty();
    assertThat(deleted.header("Content-Type")).isEmpty();

    server.get(webhook).isProblem(404, "no-such-webhook");
    server.delete(webhook).isProblem(404, "no-such-webhook");
    server.patch(webhook, "{}").isProblem(404, "no-such-webhook");
    server.get(webhook + "/secret").isProblem(404, "no-such-webhook");
    server.get(webhook + "/headers").isProblem(404, "no-such-webhook");
    server.post(webhook + "/secret", "{}").isProblem(404, "no-such-webhook");
  }

  @Test
  void a_short_secret_is_accepted_with_a_warning() {
    String body = "{\"endpoint\":\"https://example.com/p\",\"secret\":\"fifteen letters\"}";

    TestResponse created = server.post(WEBHOOKS, body).is(201);

    String webhook = WEBHOOKS + "/" + created.textAt("/id");
    String shorter = "{\"secret\":\"short\"}";
    String longEnough = "{\"secret\":\"sixteen letters!\"}";
    assertThat(created.textAt("/warnings/0")).contains("fewer than 16 characters");
    assertThat(server.get(webhook + "/secret").isOk().at("/warnings")).hasSize(1);
    assertThat(server.patch(webhook, "{\"name\":\"n\"}").isOk().at("/warnings")).isEmpty();
    assertThat(server.patch(webhook, shorter).isOk().at("/warnings")).hasSize(1);
    assertThat(server.post(webhook + "/secret", shorter).isOk().at("/warnings")).hasSize(1);
    assertThat(server.post(webhook + "/secret", longEnough).isOk().at("/warnings")).isEmpty();
    assertThat(server.post(webhook + "/secret", "{}").isOk().at("/warnings")).isEmpty();
    assertThat(server.get(webhook + "/secret").isOk().at("/warnings")).isEmpty();
  }

  @Test
  void a_generated_secret_is_its_own_standard_secret() {
    TestResponse created = server.post(WEBHOOKS, SIMPLE).is(201);

    assertThat(created.textAt("/standardSecret")).isEqualTo(created.textAt("/secret"));
  }

  @Test
  void only_a_request_for_the_secret_shows_it_later() {
    String webhook =
        create("{\"endpoint\":\"https://example.com/p\",\"secret\":\"hush hush hush hush\"}");

    TestResponse secret = server.getAs(TestServer.READER, webhook + "/secret").isOk();

    assertThat(secret.text())
        .isEqualTo(
            "{\"secret\":\"hush hush hush hush\",\"standardSecret\":\"whsec_aHVzaCBodXNoIGh1c2ggaHVzaA==\","
                + "\"previousSecretExpiresAt\":null,\"warnings\":[]}");
    assertThat(server.get(webhook).isOk().text()).doesNotContain("hush", "whsec_");
    assertThat(server.get(WEBHOOKS).isOk().text()).doesNotContain("hush", "whsec_");
    assertThat(server.patch(webhook, "{\"name\":\"x\"}").isOk().text())
        .doesNotContain("hush", "whsec_");
  }

  @Test
  void the_role_that_may_read_secrets_can_be_raised() {
    try (TestServer strict = new TestServer(Role.WRITER).withDemoStack()) {
      String secret =
          WEBHOOKS + "/" + strict.post(WEBHOOKS, SIMPLE).is(201).textAt("/id") + "/secret";

      strict.getAs(TestServer.READER, secret).isProblem(403, "not-permitted");
      strict.getAs(TestServer.WRITER, secret).isOk();
      assertThat(canReadSecrets(strict, TestServer.READER)).isFalse();
      assertThat(canReadSecrets(strict, TestServer.WRITER)).isTrue();
    }
  }

  private static boolean canReadSecrets(TestServer server, String token) {
    return server.getAs(token, "/session").isOk().at("/canReadSecrets").asBoolean();
  }

  @Test
  void values_of_headers_are_masked_and_only_admins_reveal_them() {
    String webhook = create(SIMPLE.replace("}", ",\"headers\":{\"X-A\":\"one\",\"X-B\":\"two\"}}"));

    TestResponse values = server.get(webhook + "/headers").isOk();

    assertThat(values.text()).isEqualTo("{\"headers\":{\"X-A\":\"one\",\"X-B\":\"two\"}}");
    assertThat(server.get(webhook).at("/headers").toString())
        .isEqualTo("{\"X-A\":\"***\",\"X-B\":\"***\"}");
    server.getAs(TestServer.WRITER, webhook + "/headers").isProblem(403, "not-permitted");
    assertThat(server.get("/audit?action=HEADERS_READ").isOk().at("/items")).hasSize(1);
  }

  @Test
  void a_null_value_keeps_the_stored_header() {
    String webhook = create(SIMPLE.replace("}", ",\"headers\":{\"X-A\":\"one\",\"X-B\":\"two\"}}"));

    server.patch(webhook, "{\"headers\":{\"x-b\":null,\"X-C\":\"three\"}}").isOk();

    assertThat(server.get(webhook + "/headers").text())
        .isEqualTo("{\"headers\":{\"X-B\":\"two\",\"X-C\":\"three\"}}");
    server.patch(webhook, "{\"headers\":{\"X-D\":null}}").isProblem(400, "no-such-header");
    server
        .patch(webhook, "{\"headers\":{\"X-B\":null,\"x-b\":\"2\"}}")
        .isValidationError("/headers");
    server.patch(webhook, "{\"headers\":{\"X-B\":\"***\"}}").isValidationError("/headers/X-B");
  }

  @Test
  void the_history_of_a_deleted_webhook_stays_readable() {
    String webhook = create(SIMPLE);
    server
        .post("/stacks/demo/runs", "{\"id\":\"r\",\"branch\":\"b\",\"commit\":{\"hash\":\"h\"}}")
        .is(201);
    server.dispatch();
    server.post(webhook + "/ping", "").is(202);

    server.delete(webhook).is(204);

    TestResponse list = server.get(webhook + "/deliveries").isOk();
    assertThat(list.texts("/items", "status")).containsExactly("FAILED", "DELIVERED");
    assertThat(server.get("/deliveries").isOk().json()).isEqualTo(list.json());
    TestResponse ended = server.get("/deliveries/" + list.textAt("/items/0/id")).isOk();
    assertThat(ended.texts("/explanation", "code")).contains("DELETION", "WEBHOOK_DELETED");
    String delivered = "/deliveries/" + list.textAt("/items/1/id");
    assertThat(server.get(delivered).isOk().textAt("/request/source")).isEqualTo("SENT");
    server.post(delivered + "/redeliver", "").isProblem(404, "no-such-webhook");
    TestResponse run = server.get("/stacks/demo/runs/r/explanation").isOk();
    assertThat(run.at("/transitions/0/webhooks/0/deleted").asBoolean()).isTrue();
    assertThat(run.textAt("/transitions/0/webhooks/0/status")).isEqualTo("DELIVERED");
    assertThat(server.get(WEBHOOKS).isOk().at("/items")).isEmpty();
    server.post(WEBHOOKS, SIMPLE).is(201);
  }

  @Test
  void an_invalid_id_is_not_found() {
    for (String id :
        new String[] {"1", "x", "1-1-1-1-1", "00000000-0000-7000-8000-000000000000", "a%20b"}) {
      server.get(WEBHOOKS + "/" + id).isProblem(404, "no-such-webhook");
    }
    server.post("/stacks/none/webhooks", SIMPLE).isProblem(404, "no-such-stack");
  }

  @Test
  void a_webhook_of_another_stack_is_not_found() {
    server.put("/stacks/net", "{\"name\":\"Net\"}").is(201);
    String id = server.post("/stacks/net/webhooks", SIMPLE).is(201).textAt("/id");

    server.get(WEBHOOKS + "/" + id).isProblem(404, "no-such-webhook");
    server.delete(WEBHOOKS + "/" + id).isProblem(404, "no-such-webhook");
  }
}
