package dev.runhook.persistence.webhook;

import dev.runhook.domain.filter.Subscription;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningKeys.PreviousSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.DeliverySettings;
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
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Binds webhooks to statements.
final class WebhookBinder {
  /// All columns except the ids, in the order of [#VALUES] and [#MERGED_VALUES].
  static final String COLUMNS =
      """
      endpoint, endpoint_normalized, name, states, types, drift_detection, format, timeout_ms, retry_delays_ms, health,
      consecutive_failures, proven, health_since, last_error, disabled_by, next_probe_at, created_at, updated_at, revision,
      previous_secret_expires_at, previous_states, branches, delta, stack_labels, header_names, header_values,
      header_key_id, secret, previous_secret, secret_key_id, template, format_error, events
      """;

  private static final String WITHOUT_SECRETS =
      """
      n.endpoint, n.endpoint_normalized, n.name, n.states::text[], n.types::text[], n.drift_detection, n.format,
      n.timeout_ms, n.retry_delays_ms::bigint[], n.health, n.consecutive_failures, n.proven,
      n.health_since, n.last_error, n.disabled_by, n.next_probe_at, n.created_at, n.updated_at, n.revision, n.previous_secret_expires_at,
      n.previous_states::text[], n.branches::text[], n.delta, n.stack_labels::text[],
      """;

  static final String VALUES =
      WITHOUT_SECRETS
          + """
          n.header_names::text[], n.header_values::text[], n.header_key_id, n.secret, n.previous_secret, n.secret_key_id,
          n.template, n.format_error, n.events::text[]
          """;

  /// Keeps the secrets and headers of the existing row `w` that could not be decrypted.
  static final String MERGED_VALUES =
      WITHOUT_SECRETS
          + """
          coalesce(n.header_names::text[], w.header_names), coalesce(n.header_values::text[], w.header_values),
          case when n.header_names is null then w.header_key_id else n.header_key_id end,
          coalesce(n.secret, w.secret),
          case when n.secret is null and n.previous_secret_expires_at is not null then w.previous_secret
            else n.previous_secret end,
          case when n.secret is null then w.secret_key_id else n.secret_key_id end,
          n.template, n.format_error, n.events::text[]
          """;

  static final String SOURCE =
      """
      unnest(:ids, :endpoints, :normalized, :names, :states, :types, :driftDetections, :headerNames, :headerValues,
        :headerKeys, :formats, :timeouts, :retryDelays, :secrets, :previousSecrets, :previousSecretsExpireAt,
        :secretKeys, :healths, :failures, :proven, :since, :lastErrors, :disabledBy, :probes, :created, :updated,
        :revisions, :previousStates, :branches, :deltas, :stackLabels, :templates, :formatErrors, :events)
        as n (id, endpoint, endpoint_normalized, name, states, types, drift_detection, header_names, header_values,
          header_key_id, format, timeout_ms, retry_delays_ms, secret, previous_secret, previous_secret_expires_at,
          secret_key_id, health, consecutive_failures, proven, health_since, last_error, disabled_by, next_probe_at,
          created_at, updated_at, revision, previous_states, branches, delta, stack_labels, template,
          format_error, events)
      """;

  /// The end of an update of a table `w` with the columns of webhooks.
  static final String UPDATE =
      "(%s) = (select %s) from %s where w.id = n.id".formatted(COLUMNS, MERGED_VALUES, SOURCE);

  private WebhookBinder() {}

  /// Secrets and headers that cannot be decrypted are bound as null.
  static UnnestParameters<Webhook> all(Webhook webhook, SecretCipher cipher) {
    WebhookSettings settings = webhook.settings();
    Subscription subscription = settings.subscription();
    DeliverySettings delivery = settings.delivery();
    Optional<PreviousSecret> previous = webhook.keys().previous();
    Optional<SigningKeys> keys = Optional.of(webhook.keys()).filter(WebhookBinder::areDecrypted);
    UUID id = webhook.id().value();
    Optional<EncryptedHeaders> headers =
        Optional.of(settings.headers())
            .filter(CustomHeaders::isDecrypted)
            .map(plain -> EncryptedHeaders.encrypt(plain, AadContext.ofWebhook(id), cipher));
    Optional<String> secret =
        keys.map(decrypted -> cipher.encrypt(id, Column.SECRET, decrypted.current()));
    Optional<String> previousSecret =
        keys.flatMap(SigningKeys::previous)
            .map(old -> cipher.encrypt(id, Column.PREVIOUS_SECRET, old.secret()));
    return health(List.of(webhook))
        .texts("endpoints", ignored -> settings.endpoint().text())
        .texts("normalized", ignored -> settings.endpoint().normalized())
        .texts("names", ignored -> settings.name())
        .textArrays("states", ignored -> names(subscription.states()))
        .textArrays("types", ignored -> names(subscription.types()))
        .booleans("driftDetections", ignored -> subscription.driftDetection().orElse(null))
        .textArrays("previousStates", ignored -> nullIfEmpty(names(subscription.previousStates())))
        .textArrays("branches", ignored -> nullIfEmpty(subscription.branches().patterns()))
        .booleans("deltas", ignored -> subscription.delta().orElse(null))
        .textArrays(
            "stackLabels",
            ignored -> nullIfEmpty(subscription.stackLabels().stream().sorted().toList()))
        .textArrays(
            "events",
            ignored ->
                subscription.events().equals(Subscription.DEFAULT_EVENTS)
                    ? null
                    : names(subscription.events()))
        .textArrays("headerNames", ignored -> headers.map(EncryptedHeaders::names).orElse(null))
        .textArrays("headerValues", ignored -> headers.map(EncryptedHeaders::values).orElse(null))
        .texts("headerKeys", ignored -> headers.map(EncryptedHeaders::keyId).orElse(null))
        .texts("formats", ignored -> delivery.format().name())
        .texts("templates", ignored -> delivery.template().orElse(null))
        .texts("formatErrors", ignored -> webhook.formatError().orElse(null))
        .longs("timeouts", ignored -> delivery.timeout().map(Duration::toMillis).orElse(null))
        .textArrays(
            "retryDelays",
            ignored -> delivery.retryDelays().map(WebhookBinder::millis).orElse(null))
        .texts("secrets", ignored -> secret.orElse(null))
        .texts("previousSecrets", ignored -> previousSecret.orElse(null))
        .texts("secretKeys", ignored -> cipher.keyId())
        .instants(
            "previousSecretsExpireAt",
            ignored -> previous.map(PreviousSecret::expiresAt).orElse(null))
        .instants("created", Webhook::createdAt)
        .instants("updated", Webhook::updatedAt)
        .longs("revisions", ignored -> (long) webhook.revision());
  }

  static UnnestParameters<Webhook> health(Collection<Webhook> webhooks) {
    return UnnestParameters.of(webhooks)
        .uuids("ids", webhook -> webhook.id().value())
        .texts("healths", webhook -> HealthRow.of(webhook.health()).name())
        .longs("failures", webhook -> (long) webhook.health().consecutiveFailures())
        .booleans("proven", webhook -> webhook.health().isProven())
        .instants("since", webhook -> HealthRow.of(webhook.health()).since())
        .texts("lastErrors", webhook -> HealthRow.of(webhook.health()).lastError())
        .texts("disabledBy", webhook -> HealthRow.of(webhook.health()).disabledBy())
        .instants("probes", webhook -> HealthRow.of(webhook.health()).nextProbeAt());
  }

  /// Both secrets are encrypted with the same key: if one cannot be decrypted, both columns stay as
  /// they are.
  private static boolean areDecrypted(SigningKeys keys) {
    return keys.current().isDecrypted()
        && keys.previous().map(previous -> previous.secret().isDecrypted()).orElse(true);
  }

  private static List<String> names(Set<? extends Enum<?>> values) {
    return values.stream().map(Enum::name).sorted().toList();
  }

  /// Most webhooks do not have these filters, and are read with every batch of transitions.
  private static @Nullable List<String> nullIfEmpty(List<String> values) {
    return values.isEmpty() ? null : values;
  }

  private static List<String> millis(List<Duration> delays) {
    return delays.stream().map(delay -> Long.toString(delay.toMillis())).toList();
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
        case Health.Active ignored -> new HealthRow("ACTIVE", null, null, null, null);
        case Health.Paused(var since, var ignored, var probe, var error) ->
            new HealthRow("PAUSED", since, SqlValues.replaceNul(error), null, probe);
        case Health.Disabled(var since, var by) ->
            new HealthRow(
                "DISABLED", since, null, by.map(SqlValues::replaceNul).orElse(null), null);
      };
    }
  }
}
