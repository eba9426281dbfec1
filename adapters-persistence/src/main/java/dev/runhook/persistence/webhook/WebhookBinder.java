package dev.runhook.persistence.webhook;

import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningKeys.PreviousSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.jdbi.SqlText;
import dev.runhook.persistence.jdbi.UnnestParameters;
import dev.runhook.persistence.secret.EncryptedHeaders;
import dev.runhook.persistence.secret.EncryptedHeaders.AadContext;
import dev.runhook.persistence.secret.SecretCipher;
import dev.runhook.persistence.secret.SecretCipher.Column;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Webhooks as what is bound to statements.
final class WebhookBinder {
  /// The columns of all but key and stack, in the order of [#UNNESTED].
  static final String COLUMNS =
      """
      endpoint, endpoint_normalized, name, states, types, drift_detection, timeout_ms, retry_delays_ms, health, consecutive_failures, health_since, health_reason, next_probe_at,
      created_at, updated_at, revision, previous_secret_expires_at, header_names, header_values, header_key_id, secret, previous_secret, secret_key_id
      """;

  private static final String ALL_BUT_SECRETS =
      """
      n.endpoint, n.endpoint_normalized, n.name, n.states::text[], n.types::text[], n.drift_detection, n.timeout_ms, n.retry_delays_ms::bigint[], n.health, n.consecutive_failures,
      n.health_since, n.health_reason, n.next_probe_at, n.created_at, n.updated_at, n.revision, n.previous_secret_expires_at,
      """;

  static final String UNNESTED =
      ALL_BUT_SECRETS
          + """
          n.header_names::text[], n.header_values::text[], n.header_key_id, n.secret, n.previous_secret, n.secret_key_id
          """;

  /// The same over a row `w`, which keeps those of its secrets and headers that nobody could read.
  static final String UNNESTED_OVER =
      ALL_BUT_SECRETS
          + """
          coalesce(n.header_names::text[], w.header_names), coalesce(n.header_values::text[], w.header_values),
          case when n.header_names is null then w.header_key_id else n.header_key_id end,
          coalesce(n.secret, w.secret), case when n.secret is null and n.previous_secret_expires_at is not null then w.previous_secret else n.previous_secret end,
          case when n.secret is null then w.secret_key_id else n.secret_key_id end
          """;

  static final String SOURCE =
      """
      unnest(:ids, :endpoints, :normals, :names, :states, :types, :driftDetections, :headerNames, :headerValues, :headerKeys, :timeouts, :retryWaits, :secrets,
        :retiredSecrets, :retiredUntil, :secretKeys, :healths, :failures, :since, :reasons, :probes, :created, :updated, :revisions)
        as n (id, endpoint, endpoint_normalized, name, states, types, drift_detection, header_names, header_values, header_key_id, timeout_ms, retry_delays_ms, secret,
              previous_secret, previous_secret_expires_at, secret_key_id, health, consecutive_failures, health_since, health_reason, next_probe_at, created_at, updated_at, revision)
      """;

  private WebhookBinder() {}

  static UnnestParameters<Webhook> all(Collection<Webhook> webhooks, SecretCipher cipher) {
    return health(webhooks)
        .texts("endpoints", webhook -> webhook.settings().endpoint().text())
        .texts("normals", webhook -> webhook.settings().endpoint().normalized())
        .texts("names", webhook -> webhook.settings().name())
        .textArrays(
            "states",
            webhook ->
                webhook.settings().subscription().states().stream()
                    .map(Enum::name)
                    .sorted()
                    .toList())
        .textArrays(
            "types",
            webhook ->
                webhook.settings().subscription().types().stream()
                    .map(Enum::name)
                    .sorted()
                    .toList())
        .booleans(
            "driftDetections",
            webhook -> webhook.settings().subscription().driftDetection().orElse(null))
        .textArrays(
            "headerNames",
            webhook -> headers(webhook, cipher).map(EncryptedHeaders::names).orElse(null))
        .textArrays(
            "headerValues",
            webhook -> headers(webhook, cipher).map(EncryptedHeaders::values).orElse(null))
        .texts(
            "headerKeys",
            webhook -> headers(webhook, cipher).map(EncryptedHeaders::keyId).orElse(null))
        .longs("timeouts", webhook -> millis(webhook.settings().delivery().timeout()))
        .textArrays(
            "retryWaits", webhook -> millisOfEach(webhook.settings().delivery().retryDelays()))
        .texts(
            "secrets",
            webhook ->
                areReadable(webhook.keys())
                    ? cipher.encrypt(webhook.id().value(), Column.SECRET, webhook.keys().current())
                    : null)
        .texts("retiredSecrets", webhook -> retired(webhook, cipher))
        .texts("secretKeys", _ -> cipher.keyId())
        .instants(
            "retiredUntil",
            webhook -> webhook.keys().previous().map(PreviousSecret::expiresAt).orElse(null))
        .instants("created", Webhook::createdAt)
        .instants("updated", Webhook::updatedAt)
        .longs("revisions", webhook -> (long) webhook.revision());
  }

  static UnnestParameters<Webhook> health(Collection<Webhook> webhooks) {
    return UnnestParameters.of(webhooks)
        .uuids("ids", webhook -> webhook.id().value())
        .texts("healths", webhook -> name(webhook.health()))
        .longs("failures", webhook -> (long) webhook.health().consecutiveFailures())
        .instants("since", webhook -> since(webhook.health()))
        .texts("reasons", webhook -> reason(webhook.health()))
        .instants(
            "probes",
            webhook ->
                webhook.health() instanceof Health.Paused paused ? paused.nextProbeAt() : null);
  }

  /// Absent where nobody could read them.
  private static Optional<EncryptedHeaders> headers(Webhook webhook, SecretCipher cipher) {
    AadContext aadContext = AadContext.ofWebhook(webhook.id().value());
    return Optional.of(webhook.settings().headers())
        .filter(CustomHeaders::isDecrypted)
        .map(headers -> EncryptedHeaders.encrypt(headers, aadContext, cipher));
  }

  /// Both are by the same key: where one cannot be read, both stay as they are kept.
  private static boolean areReadable(SigningKeys keys) {
    return keys.current().isDecrypted()
        && keys.previous().map(old -> old.secret().isDecrypted()).orElse(true);
  }

  private static @Nullable String retired(Webhook webhook, SecretCipher cipher) {
    return webhook
        .keys()
        .previous()
        .filter(_ -> areReadable(webhook.keys()))
        .map(old -> cipher.encrypt(webhook.id().value(), Column.PREVIOUS_SECRET, old.secret()))
        .orElse(null);
  }

  private static @Nullable Long millis(Optional<Duration> timeout) {
    return timeout.map(Duration::toMillis).orElse(null);
  }

  private static @Nullable List<String> millisOfEach(Optional<List<Duration>> waits) {
    return waits
        .map(all -> all.stream().map(wait -> Long.toString(wait.toMillis())).toList())
        .orElse(null);
  }

  private static String name(Health health) {
    return switch (health) {
      case Health.Active _ -> "ACTIVE";
      case Health.Paused _ -> "PAUSED";
      case Health.Disabled _ -> "DISABLED";
    };
  }

  private static @Nullable Instant since(Health health) {
    return switch (health) {
      case Health.Active _ -> null;
      case Health.Paused paused -> paused.since();
      case Health.Disabled disabled -> disabled.since();
    };
  }

  private static @Nullable String reason(Health health) {
    return switch (health) {
      case Health.Active _ -> null;
      case Health.Paused paused -> SqlText.replaceNul(paused.lastError());
      case Health.Disabled disabled -> SqlText.replaceNul(disabled.reason());
    };
  }
}
