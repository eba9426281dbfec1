package dev.runhook.http.webhook;

import static dev.runhook.http.server.DeliveryFixture.ENDPOINT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.http.server.DeliveryFixture;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A webhook with an undecryptable secret or headers is still shown, and does not affect others.
class UndecryptableWebhookTest {
  private static final String WEBHOOKS = "/stacks/demo/webhooks";
  private static final String DAMAGED = "A".repeat(64);

  @AutoClose private final DeliveryFixture fixture = new DeliveryFixture();
  private final TestServer server = fixture.server;
  private final String lost = fixture.webhook;
  private final String noSecret =
      ("the secret of webhook %s cannot be decrypted because its row was changed or damaged;"
              + " rotate the secret")
          .formatted(id(lost));
  private final String noHeaders =
      ("the headers of webhook %s cannot be decrypted because their row was changed or damaged;"
              + " set the headers again")
          .formatted(id(lost));

  @Test
  void the_list_shows_all_and_says_why_one_cannot_be_decrypted() {
    makeSecretUndecryptable();
    String well =
        server.post(WEBHOOKS, "{\"endpoint\":\"https://example.com\"}").is(201).textAt("/id");

    TestResponse list = server.get(WEBHOOKS).isOk();

    assertThat(list.texts("/items", "id")).containsExactly(id(lost), well);
    assertThat(errorsOf(list.at("/items/0"))).containsExactly(noSecret);
    assertThat(list.textAt("/items/0/status/state")).isEqualTo("ACTIVE");
    assertThat(list.textAt("/items/0/headers/X-Key")).isEqualTo("***");
    assertThat(errorsOf(list.at("/items/1"))).isEmpty();
    assertThat(server.get(lost).isOk().json()).isEqualTo(list.at("/items/0"));
  }

  @Test
  void reading_what_is_undecryptable_says_why_it_fails() {
    makeSecretUndecryptable();
    makeHeadersUndecryptable();

    TestResponse secret = server.get(lost + "/secret").isProblem(409, "decryption-failed");
    TestResponse headers = server.get(lost + "/headers").isProblem(409, "decryption-failed");

    assertThat(secret.textAt("/detail")).isEqualTo(noSecret);
    assertThat(headers.textAt("/detail")).isEqualTo(noHeaders);
    server.patch(lost, "{\"headers\":{\"X-Key\":null}}").isProblem(409, "decryption-failed");
  }

  @Test
  void an_undecryptable_previous_secret_is_reported() {
    makePreviousSecretUndecryptable();

    TestResponse found = server.get(lost).isOk();

    assertThat(server.get(lost + "/secret").textAt("/secret")).startsWith("whsec_");
    assertThat(found.textAt("/previousSecretExpiresAt")).isEqualTo("2099-01-01T00:00:00.000Z");
    assertThat(errorsOf(found.json())).containsExactly(noSecret);
  }

  @Test
  void all_decryption_errors_are_reported() {
    makeSecretUndecryptable();
    makeHeadersUndecryptable();

    TestResponse found = server.get(lost).isOk();

    assertThat(found.at("/headers").isNull()).isTrue();
    assertThat(errorsOf(found.json())).containsExactly(noSecret, noHeaders);
  }

  @Test
  void nothing_is_delivered_while_a_secret_is_undecryptable() {
    makeHeadersUndecryptable();
    fixture.startRun("r1");
    server.dispatch();

    TestResponse details = fixture.details();

    assertThat(server.transport.requestsTo(ENDPOINT)).isEmpty();
    assertThat(details.textAt("/attempts/0/outcome")).isEqualTo("INTERNAL_ERROR");
    assertThat(details.textAt("/attempts/0/error")).isEqualTo(noHeaders);
    assertThat(details.textAt("/request/source")).isEqualTo("RECONSTRUCTED");
    assertThat(details.at("/request/headers").has("X-Key")).isFalse();
  }

  @Test
  void a_check_that_needs_an_undecryptable_secret_says_what_to_send_instead() {
    makeSecretUndecryptable();

    TestResponse response = check("sha256=" + "0".repeat(64)).isProblem(409, "decryption-failed");

    assertThat(response.textAt("/detail")).startsWith(noSecret).contains("send \"secret\" instead");
  }

  @Test
  void a_check_uses_the_current_secret_if_the_previous_one_is_undecryptable() {
    makePreviousSecretUndecryptable();

    TestResponse response = check("sha256=" + "0".repeat(64)).isOk();

    assertThat(response.textAt("/result")).isEqualTo("UNEXPLAINED");
  }

  @Test
  void an_undecryptable_webhook_can_be_updated_and_fixed() {
    makeSecretUndecryptable();
    makeHeadersUndecryptable();

    TestResponse renamed = server.patch(lost, "{\"name\":\"Lost\",\"enabled\":false}").isOk();
    TestResponse withHeaders = server.patch(lost, "{\"headers\":{\"X-Key\":\"n\"}}").isOk();
    TestResponse fixed = server.post(lost + "/secret", "{}").isOk();

    assertThat(renamed.textAt("/name")).isEqualTo("Lost");
    assertThat(errorsOf(renamed.json())).containsExactly(noSecret, noHeaders);
    assertThat(errorsOf(withHeaders.json())).containsExactly(noSecret);
    assertThat(errorsOf(fixed.json())).isEmpty();
    assertThat(fixed.textAt("/secret")).startsWith("whsec_");
    assertThat(server.get(lost + "/headers").textAt("/headers/X-Key")).isEqualTo("n");
  }

  private static List<String> errorsOf(JsonNode webhook) {
    return webhook.path("decryptionErrors").valueStream().map(JsonNode::asText).toList();
  }

  private static String id(String path) {
    return path.substring(WEBHOOKS.length() + 1);
  }

  private TestResponse check(String signature) {
    return server.post(
        "/signatures/check",
        "{\"signature\":\"%s\",\"body\":\"b\",\"stack\":\"demo\",\"webhook\":\"%s\"}"
            .formatted(signature, id(lost)));
  }

  private void makePreviousSecretUndecryptable() {
    server.store.execute(
        "update runhook.webhook set previous_secret = '"
            + DAMAGED
            + "',"
            + " previous_secret_expires_at = '2099-01-01T00:00:00Z'");
  }

  private void makeSecretUndecryptable() {
    server.store.execute("update runhook.webhook set secret = '" + DAMAGED + "'");
  }

  private void makeHeadersUndecryptable() {
    String headers = " set header_values = array['" + DAMAGED + "']";
    server.store.execute("update runhook.webhook" + headers);
    server.store.execute("update runhook.webhook_revision" + headers);
  }
}
