package dev.runhook.http.webhook;

import static dev.runhook.http.server.DeliveryFixture.ENDPOINT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.http.server.DeliveryFixture;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A webhook with an undecryptable secret or headers is still shown, and does not affect others.
class UndecryptableWebhookTest {
  private static final String WEBHOOKS = "/stacks/demo/webhooks";
  private static final String NO_SECRET = "the secret is encrypted with key k1";
  private static final String NO_HEADERS = "the headers are encrypted with key k2";

  @AutoClose private final DeliveryFixture fixture = new DeliveryFixture();
  private final TestServer server = fixture.server;
  private final String lost = fixture.webhook;

  @Test
  void the_list_shows_all_and_says_why_one_cannot_be_decrypted() {
    makeSecretUndecryptable();
    String well =
        server.post(WEBHOOKS, "{\"endpoint\":\"https://example.com\"}").is(201).textAt("/id");

    TestResponse list = server.get(WEBHOOKS).isOk();

    assertThat(list.texts("/items", "id")).containsExactly(id(lost), well);
    assertThat(errorsOf(list.at("/items/0"))).containsExactly(NO_SECRET);
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

    assertThat(secret.textAt("/detail")).isEqualTo(NO_SECRET);
    assertThat(headers.textAt("/detail")).isEqualTo(NO_HEADERS);
    server.patch(lost, "{\"headers\":{\"X-Key\":null}}").isProblem(409, "decryption-failed");
  }

  @Test
  void an_undecryptable_previous_secret_is_reported() {
    makePreviousSecretUndecryptable();

    TestResponse found = server.get(lost).isOk();

    assertThat(server.get(lost + "/secret").textAt("/secret")).startsWith("whsec_");
    assertThat(found.textAt("/previousSecretExpiresAt")).isEqualTo("2099-01-01T00:00:00.000Z");
    assertThat(errorsOf(found.json())).containsExactly(NO_SECRET);
  }

  @Test
  void all_decryption_errors_are_reported() {
    makeSecretUndecryptable();
    makeHeadersUndecryptable();

    TestResponse found = server.get(lost).isOk();

    assertThat(found.at("/headers").isNull()).isTrue();
    assertThat(errorsOf(found.json())).containsExactly(NO_SECRET, NO_HEADERS);
  }

  @Test
  void nothing_is_delivered_while_a_secret_is_undecryptable() {
    makeHeadersUndecryptable();
    fixture.startRun("r1");
    server.dispatch();

    TestResponse details = fixture.details();

    assertThat(server.transport.requestsTo(ENDPOINT)).isEmpty();
    assertThat(details.textAt("/attempts/0/outcome")).isEqualTo("INTERNAL_ERROR");
    assertThat(details.textAt("/attempts/0/error")).isEqualTo(NO_HEADERS);
    assertThat(details.textAt("/request/source")).isEqualTo("RECONSTRUCTED");
    assertThat(details.at("/request/headers").has("X-Key")).isFalse();
  }

  @Test
  void a_check_that_needs_an_undecryptable_secret_says_what_to_send_instead() {
    makeSecretUndecryptable();

    TestResponse response = check("sha256=" + "0".repeat(64)).isProblem(409, "decryption-failed");

    assertThat(response.textAt("/detail"))
        .startsWith(NO_SECRET)
        .contains("send \"secret\" instead");
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
    assertThat(errorsOf(renamed.json())).containsExactly(NO_SECRET, NO_HEADERS);
    assertThat(errorsOf(withHeaders.json())).containsExactly(NO_SECRET);
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
    change(webhook -> {
      SigningSecret old = SigningSecret.undecryptable(NO_SECRET);
      SigningKeys.PreviousSecret previousSecret =
          new SigningKeys.PreviousSecret(old, Instant.parse("2099-01-01T00:00:00Z"));
      return with(webhook, new SigningKeys(webhook.keys().current(), Optional.of(previousSecret)));
    });
  }

  private void makeSecretUndecryptable() {
    SigningKeys keys = SigningKeys.of(SigningSecret.undecryptable(NO_SECRET));
    change(webhook -> with(webhook, keys));
  }

  private void makeHeadersUndecryptable() {
    change(webhook -> {
      WebhookSettings old = webhook.settings();
      CustomHeaders headers = CustomHeaders.undecryptable(NO_HEADERS);
      WebhookSettings settings =
          new WebhookSettings(
              old.endpoint(), old.name(), old.subscription(), headers, old.delivery());
      return webhook.edited(settings, webhook.updatedAt());
    });
  }

  private static Webhook with(Webhook webhook, SigningKeys keys) {
    return new Webhook(
        webhook.id(),
        webhook.stack(),
        webhook.settings(),
        webhook.revision(),
        keys,
        webhook.health(),
        webhook.createdAt(),
        webhook.updatedAt());
  }

  private void change(UnaryOperator<Webhook> change) {
    StackId stack = new StackId(new AccountId("acme"), "demo");
    WebhookId webhook = new WebhookId(UUID.fromString(id(lost)));
    server
        .buckets
        .of(stack)
        .run(unit -> {
          Webhook found = unit.webhooks().findForUpdate(stack, webhook).orElseThrow();
          unit.webhooks().save(change.apply(found));
        });
  }
}
