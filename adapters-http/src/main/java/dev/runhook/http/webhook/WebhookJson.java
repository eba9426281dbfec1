package dev.runhook.http.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.http.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A webhook with its secret.
///
/// @param secret null if it cannot be decrypted, like `standardSecret` and `headers`
/// @param standardSecret the secret in the form that Standard Webhooks libraries expect
/// @param previousSecret null if no previous secret is active
/// @param states empty for all, like `types`
/// @param driftDetection null to receive runs with and without drift detection
/// @param decryptionError why a secret or the headers cannot be decrypted; null if all can
/// @param timeout null for the server's default, like `retrySchedule`
record WebhookJson(
    String id,
    StackId stack,
    String endpoint,
    String name,
    boolean enabled,
    StatusJson status,
    Optional<String> secret,
    Optional<String> standardSecret,
    Optional<PreviousSecretJson> previousSecret,
    List<RunState> states,
    List<RunType> types,
    Optional<Boolean> driftDetection,
    Optional<Map<String, String>> headers,
    Optional<String> decryptionError,
    Optional<Duration> timeout,
    Optional<List<Duration>> retrySchedule,
    Instant createdAt,
    Instant updatedAt) {
  static WebhookJson of(Webhook webhook) {
    WebhookSettings settings = webhook.settings();
    return new WebhookJson(
        webhook.id().toString(),
        webhook.stack(),
        settings.endpoint().text(),
        settings.name(),
        webhook.isEnabled(),
        StatusJson.of(webhook.health()),
        text(webhook.keys().current()),
        standardText(webhook.keys().current()),
        webhook.keys().previous().map(PreviousSecretJson::of),
        settings.subscription().states().stream().sorted().toList(),
        settings.subscription().types().stream().sorted().toList(),
        settings.subscription().driftDetection(),
        Optional.of(settings.headers()).filter(CustomHeaders::isDecrypted).map(WebhookJson::byName),
        Optional.of(String.join("; ", webhook.decryptionErrors())).filter(text -> !text.isEmpty()),
        settings.delivery().timeout(),
        settings.delivery().retryDelays(),
        webhook.createdAt(),
        webhook.updatedAt());
  }

  /// Returns the JSON of a webhook without its secrets. A secret that cannot be decrypted is still
  /// present as null.
  static ObjectNode withoutSecrets(Webhook webhook) {
    ObjectNode json = Json.MAPPER.valueToTree(of(webhook));
    removeSecrets(json);
    removeSecrets(json.path("previousSecret"));
    return json;
  }

  private static void removeSecrets(JsonNode json) {
    for (String name : List.of("secret", "standardSecret")) {
      if (json instanceof ObjectNode object && object.path(name).isTextual()) {
        object.remove(name);
      }
    }
  }

  private static Optional<String> text(SigningSecret secret) {
    return Optional.of(secret).filter(SigningSecret::isDecrypted).map(SigningSecret::reveal);
  }

  private static Optional<String> standardText(SigningSecret secret) {
    return Optional.of(secret).filter(SigningSecret::isDecrypted).map(SigningSecret::standardForm);
  }

  private static Map<String, String> byName(CustomHeaders headers) {
    Map<String, String> result = new LinkedHashMap<>();
    headers.headers().forEach(header -> result.put(header.name(), header.value()));
    return result;
  }

  /// The previous secret, which also signs deliveries until it expires.
  record PreviousSecretJson(
      Optional<String> secret, Optional<String> standardSecret, Instant expiresAt) {
    static PreviousSecretJson of(SigningKeys.PreviousSecret previous) {
      return new PreviousSecretJson(
          text(previous.secret()), standardText(previous.secret()), previous.expiresAt());
    }
  }

  /// @param since absent if the webhook is active
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record StatusJson(
      String state, @Nullable Instant since, @Nullable String reason, int consecutiveFailures) {
    static StatusJson of(Health health) {
      return switch (health) {
        case Health.Active(int failures) -> new StatusJson("ACTIVE", null, null, failures);
        case Health.Paused(Instant since, int failures, _, String reason) ->
            new StatusJson("PAUSED", since, reason, failures);
        case Health.Disabled(Instant since, String reason) ->
            new StatusJson("DISABLED", since, reason, health.consecutiveFailures());
      };
    }
  }
}
