package dev.runhook.http.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.runhook.application.WebhookActivity;
import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Subscription;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.http.api.ETag;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A webhook without its secret and without the values of its custom headers.
///
/// @param previousSecretExpiresAt null if no previous secret is active
/// @param states empty for all, like `types`, `previousStates`, `branches` and `stackLabels`
/// @param driftDetection null to receive runs with and without drift detection, like `delta`
/// @param headers null if they cannot be decrypted
/// @param decryptionError why a secret or the headers cannot be decrypted; null if all can
/// @param timeout null for the server's default, like `retrySchedule`
/// @param effective the timeout and the retry schedule that apply
/// @param lastSuccessAt null if there was none, like `lastFailureAt`
/// @param pendingDeliveries at most [WebhookActivity#MAX_COUNTED]
/// @param failedDeliveries in the last 24 hours, at most [WebhookActivity#MAX_COUNTED]
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
    List<RunState> previousStates,
    List<String> branches,
    Optional<Boolean> delta,
    List<String> stackLabels,
    Optional<Map<String, String>> headers,
    Optional<String> decryptionError,
    Optional<Duration> timeout,
    Optional<List<Duration>> retrySchedule,
    EffectiveJson effective,
    Optional<Instant> lastSuccessAt,
    Optional<Instant> lastFailureAt,
    int pendingDeliveries,
    int failedDeliveries,
    Instant createdAt,
    Instant updatedAt) {
  static WebhookJson of(Webhook webhook, WebhookActivity activity, DispatchConfig dispatch) {
    WebhookSettings settings = webhook.settings();
    Subscription subscription = settings.subscription();
    return new WebhookJson(
        webhook.id().toString(),
        webhook.stack(),
        settings.endpoint().text(),
        settings.name(),
        webhook.isEnabled(),
        StatusJson.of(webhook.health()),
        previousExpiry(webhook.keys()),
        sorted(subscription.states()),
        sorted(subscription.types()),
        subscription.driftDetection(),
        sorted(subscription.previousStates()),
        subscription.branches().patterns(),
        subscription.delta(),
        sorted(subscription.stackLabels()),
        Optional.of(settings.headers())
            .filter(CustomHeaders::isDecrypted)
            .map(headers -> byName(headers.masked())),
        Optional.of(String.join("; ", webhook.decryptionErrors())).filter(text -> !text.isEmpty()),
        settings.delivery().timeout(),
        settings.delivery().retryDelays(),
        new EffectiveJson(dispatch.timeoutOf(webhook), dispatch.retryScheduleOf(webhook).delays()),
        activity.lastSuccess(),
        activity.lastFailure(),
        activity.pendingDeliveries(),
        activity.failedDeliveries(),
        webhook.createdAt(),
        webhook.updatedAt());
  }

  /// The ETag changes when a user changes the webhook, and not when an attempt changes its status.
  static ETag etag(Webhook webhook) {
    WebhookSettings settings = webhook.settings();
    Subscription subscription = settings.subscription();
    return ETag.of(
        List.of(
            webhook.id(),
            settings.endpoint().text(),
            settings.name(),
            webhook.isEnabled(),
            sorted(subscription.states()),
            sorted(subscription.types()),
            subscription.driftDetection(),
            sorted(subscription.previousStates()),
            subscription.branches().patterns(),
            subscription.delta(),
            sorted(subscription.stackLabels()),
            settings.delivery(),
            webhook.updatedAt()));
  }

  private static <T extends Comparable<T>> List<T> sorted(Set<T> values) {
    return values.stream().sorted().toList();
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
    static WithSecretJson of(WebhookJson webhook, SigningSecret secret) {
      return new WithSecretJson(webhook, secret.reveal(), secret.standardForm(), secret.warnings());
    }
  }

  /// An updated webhook.
  ///
  /// @param warnings what is unsafe about the secret in the request
  record UpdatedJson(@JsonUnwrapped WebhookJson webhook, List<String> warnings) {
    static UpdatedJson of(WebhookJson webhook, Optional<SigningSecret> secret) {
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
      return new HeadersJson(byName(headers.headers()));
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
        case Health.Active(int failures) ->
            new StatusJson("ACTIVE", null, null, null, null, null, failures);
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
