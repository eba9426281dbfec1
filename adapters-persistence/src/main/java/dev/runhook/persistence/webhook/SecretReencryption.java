package dev.runhook.persistence.webhook;

import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.jdbi.JdbiFactory;
import dev.runhook.persistence.jdbi.SqlErrors;
import dev.runhook.persistence.secret.EncryptedHeaders;
import dev.runhook.persistence.secret.EncryptedHeaders.AadContext;
import dev.runhook.persistence.secret.SecretCipher;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;

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
        from (
          select secret_key_id, header_key_id, header_names from runhook.webhook where deleted_at is null
          union all
          select secret_key_id, header_key_id, header_names from runhook.account_webhook where deleted_at is null
        ) as encrypted
      )
      select count(*) filter (where encryption = 'plain') as plain,
        count(*) filter (where encryption = 'current') as current,
        count(*) filter (where encryption = 'previous') as previous,
        count(*) filter (where encryption = 'unknown') as unknown
      from classified
      """;

  private static final String LOCK =
      """
      select %s, w.secret_key_id is null or w.header_key_id is null and cardinality(w.header_names) > 0 as plain
      from %s
      where w.id > :webhook and w.deleted_at is null
        and (w.secret_key_id is distinct from :current
          or w.header_key_id is distinct from :current and cardinality(w.header_names) > 0)
      order by w.id limit :limit for update of w
      """;
  private static final String LOCK_WEBHOOKS =
      LOCK.formatted(
          WebhookMapper.COLUMNS, "runhook.webhook w join runhook.stack s on s.id = w.stack_id");
  private static final String LOCK_ACCOUNT_WEBHOOKS =
      LOCK.formatted(WebhookMapper.ACCOUNT_COLUMNS, "runhook.account_webhook w");

  private static final String LOCK_REVISIONS =
      """
      select webhook_id, revision, header_names, header_values, header_key_id
      from runhook.webhook_revision where (webhook_id, revision) > (:webhook, :revision)
        and header_key_id is distinct from :current and cardinality(header_names) > 0
      order by webhook_id, revision limit :limit for update
      """;

  private static final String UPDATE_REVISION =
      """
      update runhook.webhook_revision set header_values = :values, header_key_id = :keyId
      where webhook_id = :webhook and revision = :revision
      """;

  private final Jdbi jdbi;
  private final SecretCipher cipher;

  public SecretReencryption(DataSource dataSource, SecretCipher cipher, BucketSchema schema) {
    this.jdbi = JdbiFactory.create(dataSource, schema);
    this.cipher = cipher;
  }

  /// The number of webhooks by how their secrets and headers are stored.
  ///
  /// @param previous encrypted with a configured key that is not the current one
  /// @param unknown encrypted with a key that is not configured
  public record Count(long plain, long current, long previous, long unknown) {
    /// Returns the counts of two buckets together.
    public Count plus(Count other) {
      return new Count(
          plain + other.plain,
          current + other.current,
          previous + other.previous,
          unknown + other.unknown);
    }
  }

  /// @param encrypted the number of webhooks that were re-encrypted
  /// @param plain how many of them had plaintext secrets or headers before
  /// @param undecryptable webhooks that were left unchanged, at least in part
  public record Rotation(long encrypted, long plain, List<WebhookId> undecryptable) {
    public Rotation {
      undecryptable = List.copyOf(undecryptable);
    }

    /// Returns the results of two buckets together.
    public Rotation plus(Rotation other) {
      return new Rotation(
          encrypted + other.encrypted,
          plain + other.plain,
          Stream.of(undecryptable, other.undecryptable).flatMap(List::stream).toList());
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
    reencrypt(
        "encrypting secrets", LOCK_WEBHOOKS, webhooksIn("webhook", WebhookMapper::read), progress);
    reencrypt(
        "encrypting secrets",
        LOCK_ACCOUNT_WEBHOOKS,
        webhooksIn("account_webhook", WebhookMapper::readOfAccount),
        progress);
    reencrypt("encrypting headers", LOCK_REVISIONS, this::reencryptRevision, progress);
    return new Rotation(progress.encrypted, progress.plain, List.copyOf(progress.undecryptable));
  }

  /// Re-encrypts the row of a webhook or of a revision. Returns which one it was.
  private interface Reencryption {
    AadContext apply(ResultSet row, Handle handle, Progress progress) throws SQLException;
  }

  private interface RowReader {
    Webhook read(ResultSet row, SecretCipher cipher) throws SQLException;
  }

  private void reencrypt(
      String operation, String lock, Reencryption reencryption, Progress progress) {
    Optional<AadContext> last = Optional.of(AadContext.ofWebhook(new UUID(0, 0)));
    while (last.isPresent()) {
      AadContext after = last.get();
      last =
          inTransaction(
              operation,
              handle ->
                  handle
                      .createQuery(lock)
                      .bind("current", cipher.keyId())
                      .bindMethods(after)
                      .bind("limit", BATCH_SIZE)
                      .map((row, ignored) -> reencryption.apply(row, handle, progress))
                      .list()
                      .stream()
                      .reduce((first, second) -> second));
    }
  }

  /// Values that cannot be decrypted stay unchanged. The rest of the row is re-encrypted.
  private Reencryption webhooksIn(String table, RowReader reader) {
    String update = "update runhook." + table + " w set " + WebhookMapper.UPDATE;
    return (row, handle, progress) -> {
      Webhook webhook = reader.read(row, cipher);
      WebhookMapper.bind(handle.createUpdate(update), webhook, cipher).execute();
      if (!webhook.decryptionErrors().isEmpty()) {
        progress.undecryptable.add(webhook.id());
      } else {
        progress.encrypted++;
        progress.plain += row.getBoolean("plain") ? 1 : 0;
      }
      return AadContext.ofWebhook(webhook.id().value());
    };
  }

  private AadContext reencryptRevision(ResultSet row, Handle handle, Progress progress)
      throws SQLException {
    AadContext context =
        new AadContext(row.getObject("webhook_id", UUID.class), row.getInt("revision"));
    CustomHeaders headers = EncryptedHeaders.read(row, "").decrypt(context, cipher);
    if (headers.isDecrypted()) {
      handle
          .createUpdate(UPDATE_REVISION)
          .bindMethods(context)
          .bindMethods(EncryptedHeaders.encrypt(headers, context, cipher))
          .execute();
    } else {
      progress.undecryptable.add(new WebhookId(context.webhook()));
    }
    return context;
  }

  private <T> T inTransaction(String operation, HandleCallback<T, RuntimeException> work) {
    return SqlErrors.translating(operation, () -> jdbi.inTransaction(work));
  }
}
