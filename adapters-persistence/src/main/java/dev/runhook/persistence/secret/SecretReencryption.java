package dev.runhook.persistence.secret;

import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.JdbiConfig;
import dev.runhook.persistence.jdbi.SqlErrors;
import dev.runhook.persistence.secret.EncryptedHeaders.AadContext;
import dev.runhook.persistence.secret.SecretCipher.Column;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jspecify.annotations.Nullable;

/// Counts the stored secrets by key, and re-encrypts secrets and headers after the key changes.
/// Servers may keep running. Thread-safe.
public final class SecretReencryption {
  private static final int BATCH_SIZE = 200;

  private static final String COUNT =
      """
      with classified as (
        select case
          when secret_key_id is not null and secret_key_id <> all (:known)
            or header_key_id is not null and header_key_id <> all (:known) then 'unknown'
          when secret_key_id is null or header_key_id is null and cardinality(header_names) > 0 then 'plain'
          when secret_key_id = :current and coalesce(header_key_id, :current) = :current then 'current'
          else 'previous' end as encryption
        from runhook.webhook where deleted_at is null
      )
      select count(*) filter (where encryption = 'plain') as plain,
        count(*) filter (where encryption = 'current') as current,
        count(*) filter (where encryption = 'previous') as previous,
        count(*) filter (where encryption = 'unknown') as unknown
      from classified
      """;

  private static final String LOCK_WEBHOOKS =
      """
      select id as webhook_id, 0 as revision, secret, previous_secret, secret_key_id, header_names, header_values,
        header_key_id
      from runhook.webhook where id > :webhook and :revision = 0 and deleted_at is null
        and (secret_key_id is distinct from :current
          or header_key_id is distinct from :current and cardinality(header_names) > 0)
      order by id limit :limit for update
      """;

  private static final String LOCK_REVISIONS =
      """
      select webhook_id, revision, null as secret, null as previous_secret, null as secret_key_id, header_names,
        header_values, header_key_id
      from runhook.webhook_revision where (webhook_id, revision) > (:webhook, :revision)
        and header_key_id is distinct from :current and cardinality(header_names) > 0
      order by webhook_id, revision limit :limit for update
      """;

  private static final String UPDATE_WEBHOOK =
      """
      update runhook.webhook
      set secret = :secret, previous_secret = :previousSecret, secret_key_id = :secretKeyId,
          header_values = :headers.values, header_key_id = :headers.keyId
      where id = :context.webhook
      """;

  private static final String UPDATE_REVISION =
      """
      update runhook.webhook_revision set header_values = :headers.values, header_key_id = :headers.keyId
      where webhook_id = :context.webhook and revision = :context.revision
      """;

  private final Jdbi jdbi;
  private final SecretCipher cipher;

  public SecretReencryption(DataSource dataSource, SecretCipher cipher) {
    this.jdbi = JdbiConfig.create(dataSource);
    this.cipher = cipher;
  }

  /// The number of webhooks by how their secrets and headers are stored.
  ///
  /// @param previous encrypted with a configured key that is not the current one
  /// @param unknown encrypted with a key that is not configured
  public record Count(long plain, long current, long previous, long unknown) {}

  /// @param encrypted the number of webhooks that were re-encrypted
  /// @param plain how many of them had plaintext secrets or headers before
  /// @param undecryptable webhooks that were left unchanged, at least in part
  public record Rotation(long encrypted, long plain, List<WebhookId> undecryptable) {
    public Rotation {
      undecryptable = List.copyOf(undecryptable);
    }
  }

  /// A row of a webhook, or of a revision, which has headers only.
  private record Row(
      AadContext context,
      @Nullable String secret,
      @Nullable String previousSecret,
      @Nullable String secretKeyId,
      EncryptedHeaders headers) {
    static Row read(ResultSet row) throws SQLException {
      return new Row(
          new AadContext(row.getObject("webhook_id", UUID.class), row.getInt("revision")),
          row.getString("secret"),
          row.getString("previous_secret"),
          row.getString("secret_key_id"),
          EncryptedHeaders.read(row, ""));
    }

    boolean isPlain() {
      return secretKeyId == null || (headers.keyId() == null && !headers.names().isEmpty());
    }
  }

  /// What has been done so far.
  private static final class Progress {
    private long encrypted;
    private long plain;
    private final Set<WebhookId> undecryptable = new LinkedHashSet<>();
  }

  public Count count() {
    return inTransaction(
        "counting secrets",
        handle ->
            handle
                .createQuery(COUNT)
                .bindArray("known", String.class, cipher.keyIds())
                .bind("current", cipher.keyId())
                .map(ConstructorMapper.of(Count.class))
                .one());
  }

  /// Encrypts with the current key all values that are plaintext or encrypted with another key, in
  /// small transactions. If it is interrupted, the next call continues.
  ///
  /// @throws IllegalStateException if there is no current key
  public Rotation rotate() {
    if (cipher.keyId() == null) {
      throw new IllegalStateException("no encryption key is configured");
    }
    Progress progress = new Progress();
    reencrypt("encrypting secrets", LOCK_WEBHOOKS, UPDATE_WEBHOOK, progress);
    reencrypt("encrypting headers", LOCK_REVISIONS, UPDATE_REVISION, progress);
    return new Rotation(progress.encrypted, progress.plain, List.copyOf(progress.undecryptable));
  }

  private void reencrypt(String operation, String lock, String update, Progress progress) {
    Optional<AadContext> last = Optional.of(AadContext.ofWebhook(new UUID(0, 0)));
    while (last.isPresent()) {
      AadContext after = last.get();
      last = inTransaction(operation, handle -> batch(handle, lock, update, after, progress));
    }
  }

  /// Returns the last row of the batch, or empty if there are no more rows.
  private Optional<AadContext> batch(
      Handle handle, String lock, String update, AadContext after, Progress progress) {
    List<Row> rows =
        handle
            .createQuery(lock)
            .bind("current", cipher.keyId())
            .bindMethods(after)
            .bind("limit", BATCH_SIZE)
            .map((row, ignored) -> Row.read(row))
            .list();
    PreparedBatch updates = handle.prepareBatch(update);
    // the update of a revision has no secrets
    updates.getConfig(SqlStatements.class).setUnusedBindingAllowed(true);
    for (Row row : rows) {
      Row updated = reencrypt(row, progress);
      updates
          .bindMethods("context", updated.context())
          .bindMethods("headers", updated.headers())
          .bind("secret", updated.secret())
          .bind("previousSecret", updated.previousSecret())
          .bind("secretKeyId", updated.secretKeyId())
          .add();
    }
    updates.execute();
    return rows.isEmpty() ? Optional.empty() : Optional.of(rows.getLast().context());
  }

  /// Values that cannot be decrypted stay unchanged. The rest of the row is re-encrypted. The two
  /// secrets stay together, because they are encrypted with the same key.
  private Row reencrypt(Row row, Progress progress) {
    Optional<String> secret = reencrypt(row, Column.SECRET, row.secret());
    Optional<String> previous = reencrypt(row, Column.PREVIOUS_SECRET, row.previousSecret());
    boolean secretsDecrypted =
        secret.isPresent() == (row.secret() != null)
            && previous.isPresent() == (row.previousSecret() != null);
    Optional<EncryptedHeaders> headers = row.headers().reencrypt(row.context(), cipher);
    if (!secretsDecrypted || headers.isEmpty()) {
      progress.undecryptable.add(new WebhookId(row.context().webhook()));
    } else if (row.context().revision() == 0) {
      progress.encrypted++;
      progress.plain += row.isPlain() ? 1 : 0;
    }
    return new Row(
        row.context(),
        secretsDecrypted ? secret.orElse(null) : row.secret(),
        secretsDecrypted ? previous.orElse(null) : row.previousSecret(),
        secretsDecrypted ? cipher.keyId() : row.secretKeyId(),
        headers.orElse(row.headers()));
  }

  private Optional<String> reencrypt(Row row, Column column, @Nullable String stored) {
    UUID webhook = row.context().webhook();
    return Optional.ofNullable(stored)
        .map(text -> cipher.decrypt(webhook, column, text, row.secretKeyId()))
        .filter(SigningSecret::isDecrypted)
        .map(secret -> cipher.encrypt(webhook, column, secret));
  }

  private <T> T inTransaction(String operation, HandleCallback<T, RuntimeException> work) {
    return SqlErrors.translating(operation, () -> jdbi.inTransaction(work));
  }
}
