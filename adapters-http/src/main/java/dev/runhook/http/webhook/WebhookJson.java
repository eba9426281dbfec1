package dev.runhook.http.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.runhook.application.WebhookActivity;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.http.api.ETag;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A webhook without its secret and without the values of its custom headers.
///
/// @param previousSecretExpiresAt null if no previous secret is active
/// @param states empty for all, like `types`
/// @param driftDetection null to receive runs with and without drift detection
/// @param headers null if they cannot be decrypted
/// @param decryptionError why a secret or the headers cannot be decrypted; null if all can
/// @param timeout null for the server's default, like `retrySchedule`
/// @param lastSuccessAt null if there was none, like `lastFailureAt`
/// @param pendingDeliveries at most [WebhookActivity#MAX_PENDING]
record WebhookJson(
    String id,
    StackId stack,
    String endpoint,
    String name,
    boolean enabled,
    StatusJson status,
    Optional<Instant> previousSecretExpiresAt,
    List<RunState> states,
    List<RunType> types,
    Optional<Boolean> driftDetection,
    Optional<Map<String, String>> headers,
    Optional<String> decryptionError,
    Optional<Duration> timeout,
    Optional<List<Duration>> retrySchedule,
    Optional<Instant> lastSuccessAt,
    Optional<Instant> lastFailureAt,
    int pendingDeliveries,
    Instant createdAt,
    Instant updatedAt) {
  static WebhookJson of(Webhook webhook, WebhookActivity activity) {
    WebhookSettings settings = webhook.settings();
    return new WebhookJson(
        webhook.id().toString(),
        webhook.stack(),
        settings.endpoint().text(),
        settings.name(),
        webhook.isEnabled(),
        StatusJson.of(webhook.health()),
        previousExpiry(webhook.keys()),
        settings.subscription().states().stream().sorted().toList(),
        settings.subscription().types().stream().sorted().toList(),
        settings.subscription().driftDetection(),
        Optional.of(settings.headers())
            .filter(CustomHeaders::isDecrypted)
            .map(headers -> byName(headers.masked())),
        Optional.of(String.join("; ", webhook.decryptionErrors())).filter(text -> !text.isEmpty()),
        settings.delivery().timeout(),
        settings.delivery().retryDelays(),
        activity.lastSuccess(),
        activity.lastFailure(),
        activity.pendingDeliveries(),
        webhook.createdAt(),
        webhook.updatedAt());
  }

  /// The ETag changes when a user changes the webhook, and not when an attempt changes its status.
  static ETag etag(Webhook webhook) {
    WebhookJson json = of(webhook, WebhookActivity.none());
    return ETag.of(
        List.of(
            json.id(),
            json.endpoint(),
            json.name(),
            json.enabled(),
            json.states(),
            json.types(),
            json.driftDetection(),
            json.timeout(),
            json.retrySchedule(),
            json.updatedAt()));
  }

  private static Optional<Instant> previousExpiry(SigningKeys keys) {
    return keys.previous().map(SigningKeys.PreviousSecret::expiresAt);
  }

  private static Map<String, String> byName(List<Header> headers) {
    Map<String, String> result = new LinkedHashMap<>();
    headers.forEach(header -> result.put(header.name(), header.value()));
    return result;
  }

  /// A new webhook, or one with a new secret.
  ///
  /// @param warnings what is unsafe about the secret
  record WithSecretJson(
      @JsonUnwrapped WebhookJson webhook,
      String secret,
      String standardSecret,
      List<String> warnings) {
    static WithSecretJson of(Webhook webhook, WebhookActivity activity) {
      SigningSecret secret = webhook.keys().current();
      return new WithSecretJson(
          WebhookJson.of(webhook, activity),
          secret.reveal(),
          secret.standardForm(),
          secret.warnings());
    }
  }

  /// An updated webhook.
  ///
  /// @param warnings what is unsafe about the secret in the request
  record UpdatedJson(@JsonUnwrapped WebhookJson webhook, List<String> warnings) {
    static UpdatedJson of(
        Webhook webhook, WebhookActivity activity, Optional<SigningSecret> secret) {
      return new UpdatedJson(
          WebhookJson.of(webhook, activity), secret.map(SigningSecret::warnings).orElse(List.of()));
    }
  }

  /// @param standardSecret the secret in the form that Standard Webhooks libraries expect
  record SecretJson(
      String secret,
      String standardSecret,
      Optional<Instant> previousSecretExpiresAt,
      List<String> warnings) {
    static SecretJson of(SigningKeys keys) {
      SigningSecret secret = keys.current();
      return new SecretJson(
          secret.reveal(), secret.standardForm(), previousExpiry(keys), secret.warnings());
    }
  }

  /// The values of the custom headers.
  record HeadersJson(Map<String, String> headers) {
    static HeadersJson of(CustomHeaders headers) {
      return new HeadersJson(byName(headers.headers()));
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
