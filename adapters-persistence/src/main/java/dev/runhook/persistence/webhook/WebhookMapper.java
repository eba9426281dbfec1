package dev.runhook.persistence.webhook;

import static dev.runhook.persistence.jdbi.SqlValues.define;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.filter.LabelExpression;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.filter.Subscription;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.setting.SettingsPatch;
import dev.runhook.domain.setting.WebhookSetting;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningKeys.PreviousSecret;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CopySource;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Failures;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookOwner;
import dev.runhook.domain.webhook.WebhookOwner.SelectorOwner;
import dev.runhook.domain.webhook.WebhookOwner.StackOwner;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.persistence.jdbi.RowIds;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.UnnestParameters;
import dev.runhook.persistence.secret.EncryptedHeaders;
import dev.runhook.persistence.secret.EncryptedHeaders.AadContext;
import dev.runhook.persistence.secret.SecretCipher;
import dev.runhook.persistence.secret.SecretCipher.Column;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/// Writes webhooks to the tables `webhook` and `account_webhook`, and reads them from rows of
/// `webhook w` joined with `stack s`. The prefix `w_` keeps the columns apart from those of other
/// tables in the same query.
public final class WebhookMapper {
  /// The columns of [#readHealth].
  public static final String HEALTH_COLUMNS =
      """
       w.health as w_health, w.consecutive_failures as w_consecutive_failures, w.proven as w_proven,
       w.health_since as w_health_since, w.last_error as w_last_error, w.disabled_by as w_disabled_by,
       w.next_probe_at as w_next_probe_at,
       case when w.send_interval_us is not null then w.next_send_at end as w_next_send_at
      """;

  private static final String OWN_COLUMNS =
      """
       , w.id as w_id, w.endpoint as w_endpoint, w.settings as w_settings, w.format_error as w_format_error,
       w.header_names as w_header_names, w.header_values as w_header_values, w.header_key_id as w_header_key_id,
       w.secret as w_secret,
       w.previous_secret as w_previous_secret, w.previous_secret_expires_at as w_previous_secret_expires_at,
       w.secret_key_id as w_secret_key_id,
       w.created_at as w_created_at, w.updated_at as w_updated_at, w.revision as w_revision,
       w.deleted_at as w_deleted_at,
      """
          + HEALTH_COLUMNS;

  public static final String COLUMNS =
      """
       s.account as w_account, s.slug as w_slug, w.account_webhook_id as w_account_webhook_id,
       w.account_webhook_version as w_account_webhook_version, w.selected as w_selected
      """
          + OWN_COLUMNS;

  /// The condition that a row of `webhook w` is listed and counted: it is selected, or deliveries
  /// wait. Each lane with open deliveries has one with a due time.
  public static final String LISTED =
      """
      (w.selected or (
        select true from runhook.queue_head o where o.webhook_id = w.id limit 1))
      """;

  /// The columns of rows of `account_webhook w`.
  static final String ACCOUNT_COLUMNS =
      """
       w.account as w_account, w.selector_labels as w_selector_labels, w.selector_ids as w_selector_ids,
       w.version as w_version, w.enabled_version as w_enabled_version, w.copied_version as w_copied_version
      """
          + OWN_COLUMNS;

  /// All columns that both tables have, except the id. Parameters are called like their columns.
  static final String WRITTEN_COLUMNS =
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
          .transform(define("COLUMNS", WRITTEN_COLUMNS))
          .transform(define("WITHOUT_SECRETS", WITHOUT_SECRETS));

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private WebhookMapper() {}

  public static Webhook read(ResultSet row, SecretCipher cipher) throws SQLException {
    StackId stack = RowIds.stackId(row.getString("w_account"), row.getString("w_slug"));
    return read(row, new StackOwner(stack, readSource(row)), cipher);
  }

  /// Reads a row with [#ACCOUNT_COLUMNS].
  static Webhook readOfAccount(ResultSet row, SecretCipher cipher) throws SQLException {
    StackSelector selector =
        new StackSelector(
            Optional.ofNullable(row.getString("w_selector_labels")).map(LabelExpression::parse),
            SqlValues.texts(row, "w_selector_ids"));
    SelectorOwner owner =
        new SelectorOwner(
            new AccountId(row.getString("w_account")),
            selector,
            row.getInt("w_version"),
            row.getInt("w_enabled_version"),
            row.getInt("w_copied_version"),
            row.getObject("w_deleted_at") != null);
    return read(row, owner, cipher);
  }

  private static Webhook read(ResultSet row, WebhookOwner owner, SecretCipher cipher)
      throws SQLException {
    return new Webhook(
        new WebhookId(row.getObject("w_id", UUID.class)),
        owner,
        readSettings(row, cipher),
        row.getInt("w_revision"),
        readKeys(row, cipher),
        readHealth(row),
        SqlValues.instant(row, "w_created_at"),
        SqlValues.instant(row, "w_updated_at"),
        Optional.ofNullable(row.getString("w_format_error")));
  }

  private static Optional<CopySource> readSource(ResultSet row) throws SQLException {
    UUID id = row.getObject("w_account_webhook_id", UUID.class);
    return id == null
        ? Optional.empty()
        : Optional.of(
            new CopySource(
                new WebhookId(id),
                row.getInt("w_account_webhook_version"),
                row.getBoolean("w_selected")));
  }

  private static WebhookSettings readSettings(ResultSet row, SecretCipher cipher)
      throws SQLException {
    AadContext context = AadContext.ofWebhook(row.getObject("w_id", UUID.class));
    return readSettings(
        row.getString("w_settings"),
        new WebhookSettings(
            Endpoint.ofStored(row.getString("w_endpoint")),
            "",
            Subscription.all(),
            EncryptedHeaders.read(row, "w_").decrypt(context, cipher),
            DeliverySettings.defaults()));
  }

  private static SigningKeys readKeys(ResultSet row, SecretCipher cipher) throws SQLException {
    if (row.getObject("w_deleted_at") != null) {
      return SigningKeys.of(SigningSecret.undecryptable("the webhook is deleted"));
    }
    UUID id = row.getObject("w_id", UUID.class);
    String keyId = row.getString("w_secret_key_id");
    String previous = row.getString("w_previous_secret");
    Optional<PreviousSecret> previousSecret =
        SqlValues.findInstant(row, "w_previous_secret_expires_at")
            .map(expiresAt ->
                new PreviousSecret(
                    cipher.decrypt(id, Column.PREVIOUS_SECRET, previous, keyId), expiresAt));
    return new SigningKeys(
        cipher.decrypt(id, Column.SECRET, row.getString("w_secret"), keyId), previousSecret);
  }

  /// Reads when the next attempt may begin from a row with [#HEALTH_COLUMNS]; empty if the rate is
  /// not limited, or if nothing was sent.
  public static Optional<Instant> readNextSend(ResultSet row) throws SQLException {
    return SqlValues.findInstant(row, "w_next_send_at");
  }

  /// Reads a row with [#HEALTH_COLUMNS].
  public static Health readHealth(ResultSet row) throws SQLException {
    String health = row.getString("w_health");
    return switch (health) {
      case "ACTIVE" ->
          new Health.Active(
              row.getInt("w_consecutive_failures") == 0
                  ? Optional.empty()
                  : Optional.of(
                      new Failures(
                          row.getInt("w_consecutive_failures"),
                          SqlValues.instant(row, "w_health_since"),
                          row.getString("w_last_error"))),
              row.getBoolean("w_proven"));
      case "PAUSED" ->
          new Health.Paused(
              SqlValues.instant(row, "w_health_since"),
              row.getInt("w_consecutive_failures"),
              SqlValues.instant(row, "w_next_probe_at"),
              row.getString("w_last_error"));
      case "DISABLED" ->
          new Health.Disabled(
              SqlValues.instant(row, "w_health_since"),
              Optional.ofNullable(row.getString("w_disabled_by")));
      default -> throw new IllegalStateException("unknown health \"" + health + "\"");
    };
  }

  private static String writeSettings(WebhookSettings settings) {
    try {
      return MAPPER.writeValueAsString(WebhookSetting.writeChosen(settings));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write the settings of a webhook", e);
    }
  }

  /// Returns settings with the chosen ones.
  ///
  /// @param columns what the other columns contain
  private static WebhookSettings readSettings(String json, WebhookSettings columns) {
    try {
      return SettingsPatch.restore(MAPPER.readValue(json, OBJECT), columns);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot read the settings of a webhook", e);
    }
  }

  /// Returns the text of a setting as it is stored; null if it has its default.
  static @Nullable String settingText(WebhookSettings settings, WebhookSetting<?> setting) {
    return (String) WebhookSetting.writeChosen(settings).get(setting.name());
  }

  /// Secrets and headers that cannot be decrypted are bound as null.
  static <S extends SqlStatement<S>> S bind(S statement, Webhook webhook, SecretCipher cipher) {
    UUID id = webhook.id().value();
    WebhookSettings settings = webhook.settings();
    HealthRow health = HealthRow.of(webhook.health());
    Optional<SigningKeys> keys = Optional.of(webhook.keys()).filter(WebhookMapper::areDecrypted);
    Optional<PreviousSecret> previous = webhook.keys().previous();
    Optional<EncryptedHeaders> headers =
        Optional.of(settings.headers())
            .filter(CustomHeaders::isDecrypted)
            .map(plain -> EncryptedHeaders.encrypt(plain, AadContext.ofWebhook(id), cipher));
    return statement
        .bind("id", id)
        .bind("endpoint", settings.endpoint().text())
        .bind("endpoint_normalized", settings.endpoint().normalized())
        .bind("settings", writeSettings(settings))
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

  /// The parameters of an update of the health of webhooks.
  static UnnestParameters<Webhook> health(Collection<Webhook> webhooks) {
    return UnnestParameters.of(webhooks)
        .uuids("ids", webhook -> webhook.id().value())
        .texts("healths", WebhookMapper::healthName)
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
