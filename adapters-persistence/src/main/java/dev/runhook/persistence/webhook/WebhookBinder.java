package dev.runhook.persistence.webhook;

import static dev.runhook.persistence.jdbi.SqlValues.define;

import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningKeys.PreviousSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Failures;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.UnnestParameters;
import dev.runhook.persistence.secret.EncryptedHeaders;
import dev.runhook.persistence.secret.EncryptedHeaders.AadContext;
import dev.runhook.persistence.secret.SecretCipher;
import dev.runhook.persistence.secret.SecretCipher.Column;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/// Writes webhooks to the tables `webhook` and `account_webhook`. Parameters are called like their
/// columns.
final class WebhookBinder {
  /// All columns that both tables have, except the id.
  static final String COLUMNS =
      """
      endpoint, endpoint_normalized, settings, timeout_ms, send_interval_us, format_error, revision, health,
      consecutive_failures, proven, health_since, last_error, disabled_by, next_probe_at, created_at, updated_at,
      previous_secret_expires_at, header_names, header_values, header_key_id, secret, previous_secret, secret_key_id
      """;

  private static final String WITHOUT_SECRETS =
      """
      :endpoint, :endpoint_normalized, :settings::jsonb, :timeout_ms, :send_interval_us, :format_error, :revision,
      :health, :consecutive_failures, :proven, :health_since::timestamptz, :last_error, :disabled_by,
      :next_probe_at::timestamptz, :created_at, :updated_at, :previous_secret_expires_at::timestamptz,
      """;

  static final String VALUES =
      WITHOUT_SECRETS
          + """
          :header_names::text[], :header_values::text[], :header_key_id, :secret, :previous_secret, :secret_key_id
          """;

  /// The end of an update of a table `w`. Keeps the secrets and headers of the row that could not
  /// be decrypted.
  static final String UPDATE =
      """
      (COLUMNS) = row (WITHOUT_SECRETS
        coalesce(:header_names::text[], w.header_names), coalesce(:header_values::text[], w.header_values),
        case when :header_names::text[] is null then w.header_key_id else :header_key_id end,
        coalesce(:secret, w.secret),
        case when :secret::text is null and :previous_secret_expires_at::timestamptz is not null then w.previous_secret
          else :previous_secret end,
        case when :secret::text is null then w.secret_key_id else :secret_key_id end)
      where w.id = :id
      """
          .transform(define("COLUMNS", COLUMNS))
          .transform(define("WITHOUT_SECRETS", WITHOUT_SECRETS));

  private WebhookBinder() {}

  /// Secrets and headers that cannot be decrypted are bound as null.
  static <S extends SqlStatement<S>> S bind(S statement, Webhook webhook, SecretCipher cipher) {
    UUID id = webhook.id().value();
    WebhookSettings settings = webhook.settings();
    HealthRow health = HealthRow.of(webhook.health());
    Optional<SigningKeys> keys = Optional.of(webhook.keys()).filter(WebhookBinder::areDecrypted);
    Optional<PreviousSecret> previous = webhook.keys().previous();
    Optional<EncryptedHeaders> headers =
        Optional.of(settings.headers())
            .filter(CustomHeaders::isDecrypted)
            .map(plain -> EncryptedHeaders.encrypt(plain, AadContext.ofWebhook(id), cipher));
    return statement
        .bind("id", id)
        .bind("endpoint", settings.endpoint().text())
        .bind("endpoint_normalized", settings.endpoint().normalized())
        .bind("settings", SettingsJson.write(settings))
        .bind("timeout_ms", settings.delivery().timeout().map(Duration::toMillis).orElse(null))
        .bind(
            "send_interval_us", settings.delivery().interval().map(SqlValues::micros).orElse(null))
        .bind("format_error", webhook.formatError().orElse(null))
        .bind("revision", webhook.revision())
        .bind("health", health.name())
        .bind("consecutive_failures", webhook.health().consecutiveFailures())
        .bind("proven", webhook.health().isProven())
        .bind("health_since", time(health.since()))
        .bind("last_error", health.lastError())
        .bind("disabled_by", health.disabledBy())
        .bind("next_probe_at", time(health.nextProbeAt()))
        .bind("created_at", time(webhook.createdAt()))
        .bind("updated_at", time(webhook.updatedAt()))
        .bind(
            "previous_secret_expires_at",
            time(previous.map(PreviousSecret::expiresAt).orElse(null)))
        .bindArray("header_names", String.class, headers.map(EncryptedHeaders::names).orElse(null))
        .bindArray(
            "header_values", String.class, headers.map(EncryptedHeaders::values).orElse(null))
        .bind("header_key_id", headers.map(EncryptedHeaders::keyId).orElse(null))
        .bind(
            "secret",
            keys.map(plain -> cipher.encrypt(id, Column.SECRET, plain.current())).orElse(null))
        .bind(
            "previous_secret",
            keys.flatMap(SigningKeys::previous)
                .map(old -> cipher.encrypt(id, Column.PREVIOUS_SECRET, old.secret()))
                .orElse(null))
        .bind("secret_key_id", cipher.keyId());
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  static UnnestParameters<Webhook> health(Collection<Webhook> webhooks) {
    return UnnestParameters.of(webhooks)
        .uuids("ids", webhook -> webhook.id().value())
        .texts("healths", WebhookBinder::healthName)
        .longs("failures", webhook -> (long) webhook.health().consecutiveFailures())
        .booleans("proven", webhook -> webhook.health().isProven())
        .instants("since", webhook -> HealthRow.of(webhook.health()).since())
        .texts("lastErrors", webhook -> HealthRow.of(webhook.health()).lastError())
        .texts("disabledBy", webhook -> HealthRow.of(webhook.health()).disabledBy())
        .instants("probes", webhook -> HealthRow.of(webhook.health()).nextProbeAt());
  }

  /// Returns the stored name of the health.
  static String healthName(Webhook webhook) {
    return HealthRow.of(webhook.health()).name();
  }

  /// Both secrets are encrypted with the same key: if one cannot be decrypted, both columns stay as
  /// they are.
  private static boolean areDecrypted(SigningKeys keys) {
    return keys.current().isDecrypted()
        && keys.previous().map(previous -> previous.secret().isDecrypted()).orElse(true);
  }

  /// The stored form of a health.
  private record HealthRow(
      String name,
      @Nullable Instant since,
      @Nullable String lastError,
      @Nullable String disabledBy,
      @Nullable Instant nextProbeAt) {
    static HealthRow of(Health health) {
      return switch (health) {
        case Health.Active(var failures, var ignored) ->
            new HealthRow(
                "ACTIVE",
                failures.map(Failures::since).orElse(null),
                failures.map(Failures::lastError).map(SqlValues::replaceNul).orElse(null),
                null,
                null);
        case Health.Paused(var since, var ignored, var probe, var error) ->
            new HealthRow("PAUSED", since, SqlValues.replaceNul(error), null, probe);
        case Health.Disabled(var since, var by) ->
            new HealthRow(
                "DISABLED", since, null, by.map(SqlValues::replaceNul).orElse(null), null);
      };
    }
  }
}
