package dev.runhook.persistence.secret;

import static java.util.Objects.requireNonNull;

import dev.runhook.domain.signing.SecretDecryptionException;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.JdbiConfig;
import dev.runhook.persistence.jdbi.SqlErrors;
import dev.runhook.persistence.jdbi.UnnestParameters;
import dev.runhook.persistence.secret.EncryptedHeaders.AadContext;
import dev.runhook.persistence.secret.SecretCipher.Column;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// The secrets of all webhooks, and their headers, as they are kept, for whoever runs the server:
/// how many by which key, and all of them encrypted anew. Thread-safe; servers may go on meanwhile.
public final class SecretReencryption {
  private static final int BATCH = 200;
  private static final UUID BEFORE_ALL = new UUID(0, 0);

  private static final String COUNT =
      """
      with kept as (
        select case
          when secret_key_id is not null and secret_key_id <> all (:known) or header_key_id is not null and header_key_id <> all (:known) then 'unknown'
          when secret_key_id is null or header_key_id is null and cardinality(header_names) > 0 then 'plain'
          when secret_key_id = :current and coalesce(header_key_id, :current) = :current then 'current'
          else 'previous' end as how
        from runhook.webhook
      )
      select count(*) filter (where how = 'plain') as plain, count(*) filter (where how = 'current') as current,
        count(*) filter (where how = 'previous') as previous, count(*) filter (where how = 'unknown') as unknown
      from kept
      """;
  private static final String NEXT =
      """
      select id, secret, previous_secret, secret_key_id, header_names, header_values, header_key_id
      from runhook.webhook
      where (secret_key_id is distinct from :current or header_key_id is distinct from :current and cardinality(header_names) > 0) and id > :after
      order by id
      limit :limit
      for update
      """;

  private final Jdbi jdbi;
  private final SecretCipher cipher;

  public SecretReencryption(DataSource dataSource, SecretCipher cipher) {
    this.jdbi = JdbiConfig.create(dataSource);
    this.cipher = cipher;
  }

  /// How many webhooks have secrets that are kept in which way.
  ///
  /// @param previous encrypted with a key that is known and not the current one
  /// @param unknown encrypted with a key that is not known
  public record Count(long plain, long current, long previous, long unknown) {}

  /// What became of those that were not encrypted with the current key.
  ///
  /// @param encrypted how many webhooks are so now, those of `plain` among them
  /// @param plain how many of these had a secret or headers that were not encrypted at all
  /// @param unreadable are left as they are
  public record Rotation(long encrypted, long plain, List<WebhookId> undecryptable) {
    public Rotation {
      undecryptable = List.copyOf(undecryptable);
    }
  }

  private record Kept(
      UUID id,
      String secret,
      @Nullable String retired,
      @Nullable String keyId,
      EncryptedHeaders headers) {
    static Kept read(ResultSet row) throws SQLException {
      return new Kept(
          row.getObject("id", UUID.class),
          row.getString("secret"),
          row.getString("previous_secret"),
          row.getString("secret_key_id"),
          EncryptedHeaders.read(row, ""));
    }

    boolean isPlain() {
      return keyId == null || (headers.keyId() == null && !headers.names().isEmpty());
    }
  }

  /// A row of which was encrypted anew what could be.
  private record Anew(Kept kept, boolean whole) {}

  public Count count() {
    return translated(
        "counting secrets",
        handle ->
            UnnestParameters.of(cipher.keyIds())
                .texts("known", id -> id)
                .bindTo(handle.createQuery(COUNT))
                .bind("current", cipher.keyId())
                .map((row, _) ->
                    new Count(
                        row.getLong("plain"),
                        row.getLong("current"),
                        row.getLong("previous"),
                        row.getLong("unknown")))
                .one());
  }

  /// Encrypts with the current key all that is plain or encrypted with another one, in small
  /// transactions. Nothing is lost when it is interrupted: what is left is done the next time. An
  /// [IllegalStateException] where there is no current key.
  public Rotation rotate() {
    if (cipher.keyId() == null) {
      throw new IllegalStateException("there is no key to encrypt with");
    }
    long encrypted = 0;
    long plain = 0;
    List<WebhookId> unreadable = new ArrayList<>();
    Optional<UUID> after = Optional.of(BEFORE_ALL);
    while (after.isPresent()) {
      UUID last = after.get();
      Batch batch =
          translated(
              "encrypting secrets", handle -> handle.inTransaction(open -> batch(open, last)));
      encrypted += batch.encrypted();
      plain += batch.plain();
      unreadable.addAll(batch.unreadable());
      after = batch.last();
    }
    Set<WebhookId> all = new LinkedHashSet<>(unreadable);
    all.addAll(
        translated(
            "encrypting headers", handle -> new RevisionReencryption(handle, cipher).rotate()));
    return new Rotation(encrypted, plain, List.copyOf(all));
  }

  /// @param last absent where there was nothing more to do
  private record Batch(
      long encrypted, long plain, List<WebhookId> unreadable, Optional<UUID> last) {}

  private Batch batch(Handle handle, UUID after) {
    List<Kept> rows =
        handle
            .createQuery(NEXT)
            .bind("current", cipher.keyId())
            .bind("after", after)
            .bind("limit", BATCH)
            .map((row, _) -> Kept.read(row))
            .list();
    Map<UUID, Anew> anew = rows.stream().collect(Collectors.toMap(Kept::id, this::anew));
    UnnestParameters.of(anew.values().stream().map(Anew::kept).toList())
        .uuids("ids", Kept::id)
        .texts("secrets", Kept::secret)
        .texts("retired", Kept::retired)
        .texts("secretKeys", Kept::keyId)
        .textArrays("headerValues", kept -> kept.headers().values())
        .texts("headerKeys", kept -> kept.headers().keyId())
        .bindTo(
            handle.createUpdate(
                """
                update runhook.webhook w
                set secret = n.secret, previous_secret = n.retired, secret_key_id = n.secret_key_id, header_values = n.header_values::text[], header_key_id = n.header_key_id
                from unnest(:ids, :secrets, :retired, :secretKeys, :headerValues, :headerKeys)
                  as n (id, secret, retired, secret_key_id, header_values, header_key_id)
                where w.id = n.id
                """))
        .execute();
    List<Kept> whole =
        rows.stream().filter(row -> requireNonNull(anew.get(row.id())).whole()).toList();
    return new Batch(
        whole.size(),
        whole.stream().filter(Kept::isPlain).count(),
        rows.stream()
            .filter(row -> !whole.contains(row))
            .map(row -> new WebhookId(row.id()))
            .toList(),
        rows.isEmpty() ? Optional.empty() : Optional.of(rows.getLast().id()));
  }

  /// What cannot be opened stays as it is; it keeps nothing else of its row from being encrypted.
  private Anew anew(Kept row) {
    Optional<Kept> secrets = secretsAnew(row);
    Optional<EncryptedHeaders> headers =
        row.headers().reencrypt(AadContext.ofWebhook(row.id()), cipher);
    Kept kept = secrets.orElse(row);
    return new Anew(
        new Kept(
            kept.id(), kept.secret(), kept.retired(), kept.keyId(), headers.orElse(row.headers())),
        secrets.isPresent() && headers.isPresent());
  }

  private Optional<Kept> secretsAnew(Kept row) {
    try {
      String retired = row.retired();
      return Optional.of(
          new Kept(
              row.id(),
              anew(row, Column.SECRET, row.secret()),
              retired == null ? null : anew(row, Column.PREVIOUS_SECRET, retired),
              cipher.keyId(),
              row.headers()));
    } catch (SecretDecryptionException _) {
      return Optional.empty();
    }
  }

  private String anew(Kept row, Column column, String kept) {
    return cipher.encrypt(row.id(), column, cipher.decrypt(row.id(), column, kept, row.keyId()));
  }

  private <T> T translated(
      String doing, org.jdbi.v3.core.HandleCallback<T, RuntimeException> work) {
    try {
      return jdbi.withHandle(work);
    } catch (RuntimeException e) {
      throw SqlErrors.translate(doing, e);
    }
  }
}
