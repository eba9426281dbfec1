package dev.runhook.http.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("four-buckets")
class AccountWebhookRoutesTest {
  private static final String WEBHOOKS = "/account-webhooks";
  private static final String CHAT =
      """
      {"selector":{"labels":"env:prod and not tier:sandbox"},"endpoint":"https://hooks.example.com/in",\
      "secret":"It's a Secret to Everybody","name":"Chat","states":["FAILED"],"headers":{"X-Api-Key":"k 1"}}\
      """;

  private final TestServer server = new TestServer();

  @BeforeEach
  void createStacks() {
    server.put("/stacks/net", "{\"name\":\"Net\",\"labels\":[\"env:prod\"]}").is(201);
    server
        .put("/stacks/db", "{\"name\":\"DB\",\"labels\":[\"env:prod\",\"tier:sandbox\"]}")
        .is(201);
  }

  @AfterEach
  void tearDown() {
    server.close();
  }

  private String create() {
    return WEBHOOKS + "/" + server.post(WEBHOOKS, CHAT).is(201).textAt("/id");
  }

  @Test
  void an_account_webhook_returns_its_settings_and_the_number_of_its_copies() {
    TestResponse created = server.post(WEBHOOKS, CHAT).is(201);

    String id = created.textAt("/id");
    assertThat(created.header("Location")).isEqualTo("/api/v1/account-webhooks/" + id);
    assertThat(created.text().replaceAll("2026-03-14T12:00:00\\.\\d{3}Z", "NOW"))
        .isEqualTo(
            """
            {"id":"%s","selector":{"labels":"env:prod and not tier:sandbox","stacks":[]},\
            "endpoint":"https://hooks.example.com/in","name":"Chat","externalId":"","states":["FAILED"],"types":[],\
            "driftDetection":null,"previousStates":[],"branches":[],"delta":null,"deletedAtLeast":null,"changedAtLeast":null,\
            "resources":[],"stackLabels":[],"events":["run_state_changed"],\
            "format":"runhook","template":null,"includeChanges":false,"headers":{"X-Api-Key":"***"},"timeout":null,\
            "retrySchedule":null,"maxPerSecond":null,"maxPerMinute":null,"collapse":false,"enabled":true,\
            "previousSecretExpiresAt":null,"decryptionErrors":[],"copied":true,\
            "copies":{"active":1,"paused":0,"disabled":0},"createdAt":"NOW","updatedAt":"NOW",\
            "secret":"It's a Secret to Everybody",\
            "standardSecret":"whsec_SXQncyBhIFNlY3JldCB0byBFdmVyeWJvZHk=","warnings":[]}\
            """
                .formatted(id));
    TestResponse found = server.get(WEBHOOKS + "/" + id).isOk();
    assertThat(created.text()).startsWith(found.text().substring(0, found.text().length() - 1));
    assertThat(server.get(WEBHOOKS).isOk().at("/items/0")).isEqualTo(found.json());
  }

  @Test
  void readers_of_a_stack_see_which_account_webhook_covers_it() {
    String id = server.post(WEBHOOKS, CHAT).is(201).textAt("/id");

    TestResponse onNet = server.getAs(TestServer.READER, "/stacks/net/webhooks").isOk();

    assertThat(onNet.textAt("/items/0/accountWebhook")).isEqualTo(id);
    assertThat(server.get("/stacks/db/webhooks").isOk().at("/items")).isEmpty();
  }

  @Test
  void an_account_webhook_without_copies_is_tested() {
    String webhook =
        WEBHOOKS
            + "/"
            + server.post(WEBHOOKS, CHAT.replace("env:prod", "env:none")).is(201).textAt("/id");
    Endpoint endpoint = Endpoint.ofStored("https://hooks.example.com/in");
    server.transport.enqueue(endpoint, Outcome.Responded.of(503));

    TestResponse failed = server.post(webhook + "/test", "{\"state\":\"FAILED\"}").isOk();
    TestResponse delivered = server.post(webhook + "/test", "").isOk();

    assertThat(failed.textAt("/outcome")).isEqualTo("REJECTED");
    assertThat(failed.at("/statusCode").asInt()).isEqualTo(503);
    assertThat(failed.textAt("/error")).contains("503");
    assertThat(delivered.textAt("/outcome")).isEqualTo("DELIVERED");
    assertThat(server.transport.requestsTo(endpoint)).hasSize(2);
    assertThat(server.get("/deliveries").isOk().at("/items")).isEmpty();
    server.patch(webhook, "{\"enabled\":false}").isOk();
    server.post(webhook + "/test", "").isProblem(409, "webhook-disabled");
    server.post(webhook + "/test", "{\"state\":\"DONE\"}").isValidationError("/state");
  }

  @Test
  void a_copy_is_changed_only_through_the_account_webhook() {
    String id = server.post(WEBHOOKS, CHAT).is(201).textAt("/id");
    String copy =
        "/stacks/net/webhooks/" + server.get("/stacks/net/webhooks").textAt("/items/0/id");

    TestResponse patched = server.patch(copy, "{\"enabled\":false}");

    patched.isProblem(409, "webhook-is-copy");
    assertThat(patched.textAt("/detail"))
        .isEqualTo(
            "the webhook is a copy of the account webhook "
                + id
                + ", which has the settings and the secret");
    server.delete(copy).isProblem(409, "webhook-is-copy");
    server.post(copy + "/secret", "{}").isProblem(409, "webhook-is-copy");
    server.delete(copy + "/previous-secret").isProblem(409, "webhook-is-copy");
  }

  @Test
  void an_update_changes_only_the_given_fields_and_the_copies() {
    String webhook = create();

    TestResponse updated =
        server.patch(webhook, "{\"name\":\"Talk\",\"selector\":{\"stacks\":[\"d*\"]}}").isOk();

    assertThat(updated.textAt("/name")).isEqualTo("Talk");
    assertThat(updated.at("/selector").toString())
        .isEqualTo("{\"labels\":null,\"stacks\":[\"d*\"]}");
    assertThat(updated.at("/states").toString()).isEqualTo("[\"FAILED\"]");
    assertThat(server.get("/stacks/net/webhooks").at("/items")).isEmpty();
    assertThat(server.get("/stacks/db/webhooks").textAt("/items/0/name")).isEqualTo("Talk");
  }

  @Test
  void an_update_and_a_deletion_honor_the_etag() {
    String webhook = create();
    String etag = server.get(webhook).header("ETag");
    server.patch(webhook, "{\"enabled\":false}").isOk();

    ifMatch(etag, "PATCH", webhook, "{\"enabled\":true}").isProblem(412, "precondition-failed");
    ifMatch(etag, "DELETE", webhook, "").isProblem(412, "precondition-failed");
    ifMatch(server.get(webhook).header("ETag"), "DELETE", webhook, "").is(204);

    server.get(webhook).isProblem(404, "no-such-account-webhook");
    assertThat(server.get("/stacks/net/webhooks").at("/items")).isEmpty();
  }

  private TestResponse ifMatch(String etag, String method, String path, String body) {
    return server.send(
        server
            .request(method, path, BodyPublishers.ofString(body))
            .header("Content-Type", "application/json")
            .header("If-Match", etag));
  }

  @Test
  void secrets_and_headers_are_read_and_the_secret_is_rotated() {
    String webhook = create();

    TestResponse rotated = server.post(webhook + "/secret", "{\"secret\":\"next\"}").isOk();

    assertThat(rotated.textAt("/secret")).isEqualTo("next");
    assertThat(rotated.textAt("/previousSecretExpiresAt")).isNotEmpty();
    assertThat(server.get(webhook + "/secret").textAt("/secret")).isEqualTo("next");
    assertThat(server.get(webhook + "/headers").textAt("/headers/X-Api-Key")).isEqualTo("k 1");
    server.delete(webhook + "/previous-secret").is(204);
    assertThat(server.get(webhook).at("/previousSecretExpiresAt").isNull()).isTrue();
  }

  @Test
  void the_stacks_of_a_selector_are_previewed() {
    TestResponse found =
        server.post(WEBHOOKS + "/preview", "{\"selector\":{\"labels\":\"env:prod\"}}").isOk();

    assertThat(found.text()).isEqualTo("{\"count\":2,\"stacks\":[\"db\",\"net\"]}");
  }

  @Test
  void an_invalid_selector_is_reported_at_its_field() {
    TestResponse response =
        server.post(
            WEBHOOKS + "/preview", "{\"selector\":{\"labels\":\"a and\",\"stacks\":[\"a b\"]}}");

    response.isValidationError("/selector/labels", "/selector/stacks");
  }

  @Test
  void only_admins_of_all_stacks_see_account_webhooks() {
    String webhook = create();

    server.getAs(TestServer.WRITER, WEBHOOKS).isProblem(403, "not-permitted");
    server.getAs(TestServer.STACK_ADMIN, WEBHOOKS).isProblem(403, "all-stacks-required");
    server.getAs(TestServer.STACK_ADMIN, webhook).isProblem(403, "all-stacks-required");
    server.getAs(TestServer.OTHER_ACCOUNT, webhook).isProblem(404, "no-such-account-webhook");
    assertThat(server.getAs(TestServer.OTHER_ACCOUNT, WEBHOOKS).at("/items")).isEmpty();
  }
}
