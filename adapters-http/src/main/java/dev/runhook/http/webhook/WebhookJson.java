package dev.runhook.http.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.domain.assessment.HealthSummary;
import dev.runhook.domain.assessment.WebhookActivity;
import dev.runhook.domain.assessment.WebhookActivity.FirstAttempts;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.http.api.ETag;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A webhook without its secret and without the values of its custom headers.
///
/// @param accountWebhook the account webhook that this webhook is a copy of; null if it is none
/// @param previousSecretExpiresAt null if no previous secret is active
/// @param decryptionErrors why secrets or the headers cannot be decrypted
/// @param formatError why its latest attempt did not send the format; null if it did
/// @param effective the timeout and the retry schedule that apply
/// @param lastSuccessAt null if there was none, like `lastFailureAt`
/// @param pendingDeliveries at most [WebhookActivity#MAX_COUNTED]
/// @param failedDeliveries in the last 24 hours, at most [WebhookActivity#MAX_COUNTED]
/// @param firstAttempts of its newest deliveries
/// @param health how well it works
record WebhookJson(
    String id,
    StackId stack,
    Optional<String> accountWebhook,
    @JsonUnwrapped WebhookSettingsJson settings,
    boolean enabled,
    StatusJson status,
    Optional<Instant> previousSecretExpiresAt,
    List<String> decryptionErrors,
    Optional<String> formatError,
    EffectiveJson effective,
    Optional<Instant> lastSuccessAt,
    Optional<Instant> lastFailureAt,
    int pendingDeliveries,
    int failedDeliveries,
    FirstAttempts firstAttempts,
    HealthJson health,
    Instant createdAt,
    Instant updatedAt) {
  static WebhookJson of(Webhook webhook, WebhookActivity activity, DispatchConfig dispatch) {
    return new WebhookJson(
        webhook.id().toString(),
        webhook.stack(),
        webhook.source().map(source -> source.id().toString()),
        WebhookSettingsJson.of(webhook.settings()),
        webhook.isEnabled(),
        StatusJson.of(webhook.health()),
        previousExpiry(webhook.keys()),
        webhook.decryptionErrors(),
        webhook.formatError(),
        new EffectiveJson(dispatch.timeoutOf(webhook), dispatch.retryScheduleOf(webhook).delays()),
        activity.lastSuccess(),
        activity.lastFailure(),
        activity.pendingDeliveries(),
        activity.failedDeliveries(),
        activity.firstAttempts(),
        HealthJson.of(HealthSummary.of(webhook, activity)),
        webhook.createdAt(),
        webhook.updatedAt());
  }

  /// The ETag changes when a user changes the webhook, and not when an attempt changes its status.
  static ETag etag(Webhook webhook) {
    return ETag.of(
        List.of(
            webhook.id(),
            WebhookSettingsJson.of(webhook.settings()),
            webhook.isEnabled(),
            webhook.updatedAt()));
  }

  static Optional<Instant> previousExpiry(SigningKeys keys) {
    return keys.previous().map(SigningKeys.PreviousSecret::expiresAt);
  }

  /// A new webhook, or one with a new secret.
  ///
  /// @param warnings what is unsafe about the secret
  record WithSecretJson(
      @JsonUnwrapped Object webhook, String secret, String standardSecret, List<String> warnings) {
    static WithSecretJson of(Object webhook, SigningSecret secret) {
      return new WithSecretJson(webhook, secret.reveal(), secret.standardForm(), secret.warnings());
    }
  }

  /// An updated webhook.
  ///
  /// @param warnings what is unsafe about the secret in the request
  record UpdatedJson(@JsonUnwrapped Object webhook, List<String> warnings) {
    static UpdatedJson of(Object webhook, Optional<SigningSecret> secret) {
      return new UpdatedJson(webhook, secret.map(SigningSecret::warnings).orElse(List.of()));
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
      return new HeadersJson(WebhookSettingsJson.byName(headers.headers()));
    }
  }

  /// The timeout and the retry schedule of the webhook, or else those of the server.
  record EffectiveJson(Duration timeout, List<Duration> retrySchedule) {}

  /// @param since absent, like the following components, if the webhook is active
  /// @param by absent unless a user disabled the webhook
  /// @param lastError absent unless the webhook is paused, like `nextProbeAt`
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record StatusJson(
      String state,
      @Nullable Instant since,
      @Nullable Cause cause,
      @Nullable String by,
      @Nullable String lastError,
      @Nullable Instant nextProbeAt,
      int consecutiveFailures) {
    /// Why the webhook is paused (`FAILURES`) or disabled.
    enum Cause {
      FAILURES,
      USER,
      RECEIVER
    }

    static StatusJson of(Health health) {
      return switch (health) {
        case Health.Active active ->
            new StatusJson("ACTIVE", null, null, null, null, null, active.consecutiveFailures());
        case Health.Paused(Instant since, int failures, Instant probe, String error) ->
            new StatusJson("PAUSED", since, Cause.FAILURES, null, error, probe, failures);
        case Health.Disabled(Instant since, Optional<String> by) -> {
          Cause cause = by.isPresent() ? Cause.USER : Cause.RECEIVER;
          yield new StatusJson("DISABLED", since, cause, by.orElse(null), null, null, 0);
        }
      };
    }
  }
}
