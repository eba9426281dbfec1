package dev.runhook.http.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.http.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A webhook, with its secret where that is asked for.
///
/// @param secret null where it cannot be had, as are its standard form and the headers
/// @param standardSecret the same key as Standard Webhooks libraries want it
/// @param previousSecret null where none is in force besides
/// @param states empty for all, as are types
/// @param driftDetection null for runs that detect drift and others alike
/// @param unreadable why something of it cannot be had; null where all can
/// @param timeout null for the server's, as is the schedule
record WebhookJson(
    String id,
    String stack,
    String endpoint,
    String name,
    boolean enabled,
    StatusJson status,
    @Nullable String secret,
    @Nullable String standardSecret,
    @Nullable PreviousSecretJson previousSecret,
    List<RunState> states,
    List<RunType> types,
    @Nullable Boolean driftDetection,
    @Nullable Map<String, String> headers,
    @Nullable String decryptionError,
    @Nullable String timeout,
    @Nullable List<String> retrySchedule,
    Instant createdAt,
    Instant updatedAt) {
  static WebhookJson of(Webhook webhook) {
    return new WebhookJson(
        webhook.id().toString(),
        webhook.stack().slug(),
        webhook.settings().endpoint().text(),
        webhook.settings().name(),
        webhook.isEnabled(),
        StatusJson.of(webhook.health()),
        text(webhook.keys().current()),
        standardText(webhook.keys().current()),
        webhook.keys().previous().map(PreviousSecretJson::of).orElse(null),
        webhook.settings().subscription().states().stream().sorted().toList(),
        webhook.settings().subscription().types().stream().sorted().toList(),
        webhook.settings().subscription().driftDetection().orElse(null),
        byName(webhook.settings().headers()),
        decryptionError(webhook),
        webhook.settings().delivery().timeout().map(Duration::toString).orElse(null),
        webhook.settings().delivery().retryDelays().map(WebhookJson::texts).orElse(null),
        webhook.createdAt(),
        webhook.updatedAt());
  }

  /// The same for whoever does not want its secrets: they are absent, and those that cannot be had
  /// are null as ever.
  static ObjectNode withoutSecrets(Webhook webhook) {
    ObjectNode told = Json.MAPPER.valueToTree(of(webhook));
    leaveSecretsOut(told);
    leaveSecretsOut(told.path("previousSecret"));
    return told;
  }

  private static void leaveSecretsOut(JsonNode told) {
    for (String name : List.of("secret", "standardSecret")) {
      if (told instanceof ObjectNode object && object.path(name).isTextual()) {
        object.remove(name);
      }
    }
  }

  private static @Nullable String text(SigningSecret secret) {
    return secret.isDecrypted() ? secret.reveal() : null;
  }

  private static @Nullable String standardText(SigningSecret secret) {
    return secret.isDecrypted() ? secret.standardForm() : null;
  }

  private static @Nullable String decryptionError(Webhook webhook) {
    List<String> why = webhook.decryptionErrors();
    return why.isEmpty() ? null : String.join("; and ", why);
  }

  private static List<String> texts(List<Duration> durations) {
    return durations.stream().map(Duration::toString).toList();
  }

  private static @Nullable Map<String, String> byName(CustomHeaders headers) {
    if (!headers.isDecrypted()) {
      return null;
    }
    Map<String, String> result = new LinkedHashMap<>();
    headers.headers().forEach(header -> result.put(header.name(), header.value()));
    return result;
  }

  /// A secret by which deliveries are signed besides.
  ///
  /// @param until when that ends
  record PreviousSecretJson(
      @Nullable String secret, @Nullable String standardSecret, Instant expiresAt) {
    static PreviousSecretJson of(SigningKeys.PreviousSecret retired) {
      return new PreviousSecretJson(
          text(retired.secret()), standardText(retired.secret()), retired.expiresAt());
    }
  }

  /// @param since absent while it is active
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
