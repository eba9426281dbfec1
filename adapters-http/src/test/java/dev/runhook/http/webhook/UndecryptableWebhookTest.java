package dev.runhook.http.webhook;

import static dev.runhook.http.server.DeliveryFixture.ENDPOINT;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A webhook whose secret or headers the server cannot decrypt is shown, and hides no other.
class UndecryptableWebhookTest {
  private static final String WEBHOOKS = "/stacks/demo/webhooks";
  private static final String NO_SECRET = "the secret is encrypted with key k1";
  private static final String NO_HEADERS = "the headers are encrypted with key k2";

  @AutoClose private final DeliveryFixture scene = new DeliveryFixture();
  private final TestServer server = scene.server;
  private final String lost = scene.webhook;

  @Test
  void the_list_shows_all_and_says_why_one_has_no_secret() {
    loseSecret();
    String well =
        server.post(WEBHOOKS, "{\"endpoint\":\"https://example.com\"}").is(201).textAt("/id");

    TestResponse list = server.get(WEBHOOKS).isOk();

    assertThat(list.texts("/items", "id")).containsExactly(id(lost), well);
    assertThat(list.at("/items/0/secret").isNull()).isTrue();
    assertThat(list.at("/items/0/standardSecret").isNull()).isTrue();
    assertThat(list.textAt("/items/0/decryptionError")).isEqualTo(NO_SECRET);
    assertThat(list.textAt("/items/0/status/state")).isEqualTo("ACTIVE");
    assertThat(list.textAt("/items/0/headers/X-Key")).isEqualTo(DeliveryFixture.KEY);
    assertThat(list.textAt("/items/1/secret")).startsWith("whsec_");
    assertThat(list.at("/items/1/decryptionError").isNull()).isTrue();
    assertThat(server.get(lost).isOk().json()).isEqualTo(list.at("/items/0"));
  }

  @Test
  void what_is_lost_is_told_to_whoever_wants_no_secrets_too() {
    loseSecret();

    TestResponse list = server.get(WEBHOOKS + "?secrets=false").isOk();

    assertThat(list.at("/items/0/secret").isNull()).isTrue();
    assertThat(list.textAt("/items/0/decryptionError")).isEqualTo(NO_SECRET);
    assertThat(list.at("/items/1/secret").isMissingNode()).isTrue();
  }

  @Test
  void a_previous_secret_that_is_lost_is_shown_as_such() {
    losePreviousSecret();

    TestResponse found = server.get(lost).isOk();

    assertThat(found.textAt("/secret")).startsWith("whsec_");
    assertThat(found.at("/previousSecret/secret").isNull()).isTrue();
    assertThat(found.textAt("/previousSecret/expiresAt")).isEqualTo("2099-01-01T00:00:00.000Z");
    assertThat(found.textAt("/decryptionError")).isEqualTo(NO_SECRET);
  }

  @Test
  void what_else_is_lost_is_told_besides() {
    loseSecret();
    loseHeaders();

    TestResponse found = server.get(lost).isOk();

    assertThat(found.at("/headers").isNull()).isTrue();
    assertThat(found.textAt("/decryptionError")).isEqualTo(NO_SECRET + "; " + NO_HEADERS);
  }

  @Test
  void nothing_is_sent_without_what_is_lost() {
    loseHeaders();
    scene.startRun("r1");
    server.dispatch();

    TestResponse story = scene.details();

    assertThat(server.transport.requestsTo(ENDPOINT)).isEmpty();
    assertThat(story.textAt("/attempts/0/outcome")).isEqualTo("INTERNAL_ERROR");
    assertThat(story.textAt("/attempts/0/error")).isEqualTo(NO_HEADERS);
    assertThat(story.textAt("/request/source")).isEqualTo("RECONSTRUCTED");
    assertThat(story.at("/request/headers").has("X-Key")).isFalse();
  }

  @Test
  void a_question_that_needs_the_lost_secret_is_told_how_to_ask_instead() {
    loseSecret();

    TestResponse testResponse =
        askOf("sha256=" + "0".repeat(64)).isProblem(409, "decryption-failed");

    assertThat(testResponse.textAt("/detail"))
        .startsWith(NO_SECRET)
        .contains("send \"secret\" instead");
  }

  @Test
  void a_question_is_answered_by_the_current_secret_where_the_previous_one_is_lost() {
    losePreviousSecret();

    TestResponse testResponse = askOf("sha256=" + "0".repeat(64)).isOk();

    assertThat(testResponse.textAt("/result")).isEqualTo("UNEXPLAINED");
  }

  @Test
  void it_can_be_edited_and_mended() {
    loseSecret();
    loseHeaders();

    TestResponse renamed = server.patch(lost, "{\"name\":\"Lost\",\"enabled\":false}").isOk();
    TestResponse headed = server.patch(lost, "{\"headers\":{\"X-Key\":\"n\"}}").isOk();
    TestResponse mended = server.post(lost + "/secret", "{}").isOk();

    assertThat(renamed.textAt("/name")).isEqualTo("Lost");
    assertThat(renamed.textAt("/decryptionError")).isEqualTo(NO_SECRET + "; " + NO_HEADERS);
    assertThat(headed.textAt("/decryptionError")).isEqualTo(NO_SECRET);
    assertThat(mended.at("/decryptionError").isNull()).isTrue();
    assertThat(mended.textAt("/secret")).startsWith("whsec_");
    assertThat(mended.textAt("/headers/X-Key")).isEqualTo("n");
  }

  private static String id(String path) {
    return path.substring(WEBHOOKS.length() + 1);
  }

  private TestResponse askOf(String signature) {
    return server.post(
        "/signatures/check",
        "{\"signature\":\"%s\",\"body\":\"b\",\"stack\":\"demo\",\"webhook\":\"%s\"}"
            .formatted(signature, id(lost)));
  }

  private void losePreviousSecret() {
    change(webhook -> {
      SigningSecret old = SigningSecret.undecryptable(NO_SECRET);
      SigningKeys.PreviousSecret previousSecret =
          new SigningKeys.PreviousSecret(old, Instant.parse("2099-01-01T00:00:00Z"));
      return with(webhook, new SigningKeys(webhook.keys().current(), Optional.of(previousSecret)));
    });
  }

  private void loseSecret() {
    SigningKeys keys = SigningKeys.of(SigningSecret.undecryptable(NO_SECRET));
    change(webhook -> with(webhook, keys));
  }

  private void loseHeaders() {
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
    server.store.run(unit -> {
      Webhook found = unit.webhooks().findForUpdate(stack, webhook).orElseThrow();
      unit.webhooks().save(change.apply(found));
    });
  }
}
