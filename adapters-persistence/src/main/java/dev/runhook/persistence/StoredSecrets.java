package dev.runhook.persistence;

import dev.runhook.domain.signing.SecretUnreadableException;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.SecretCipher.Column;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// The secrets of all webhooks as they are kept, for whoever runs the server: how many by which
/// key, and all of them encrypted anew. Thread-safe; servers may go on meanwhile.
public final class StoredSecrets {
  private static final int BATCH = 200;
  private static final UUID BEFORE_ALL = new UUID(0, 0);

  private static final String COUNT =
      """
      select count(*) filter (where secret_key is null) as plain,
        count(*) filter (where secret_key = :current) as current,
        count(*) filter (where secret_key is not null and secret_key <> all (:known)) as unknown,
        count(*) as everything
      from runhook.webhook
      """;

  private static final String NEXT =
      """
      select id, secret, retired_secret, secret_key
      from runhook.webhook
      where secret_key is distinct from :current and id > :after
      order by id
      limit :limit
      for update
      """;

  private final Jdbi jdbi;
  private final SecretCipher cipher;

  public StoredSecrets(DataSource dataSource, SecretCipher cipher) {
    this.jdbi = Statements.on(dataSource);
    this.cipher = cipher;
  }

  /// How many webhooks have secrets that are kept in which way.
  ///
  /// @param previous encrypted with a key that is known and not the current one
  /// @param unknown encrypted with a key that is not known
  public record Count(long plain, long current, long previous, long unknown) {}

  /// What became of those that were not encrypted with the current key.
  ///
  /// @param encrypted how many are so now, those that were plain among them
  /// @param unreadable are left as they are
  public record Rotation(long encrypted, long plain, List<WebhookId> unreadable) {
    public Rotation {
      unreadable = List.copyOf(unreadable);
    }
  }

  private record Kept(UUID id, String secret, @Nullable String retired, @Nullable String keyId) {
    static Kept read(ResultSet row) throws SQLException {
      return new Kept(
          row.getObject("id", UUID.class),
          row.getString("secret"),
          row.getString("retired_secret"),
          row.getString("secret_key"));
    }
  }

  public Count count() {
    return translated(
        "counting secrets",
        handle ->
            Columns.of(cipher.knownIds())
                .texts("known", id -> id)
                .bindTo(handle.createQuery(COUNT))
                .bind("current", cipher.keyId())
                .map((row, _) -> {
                  long plain = row.getLong("plain");
                  long current = row.getLong("current");
                  long unknown = row.getLong("unknown");
                  long previous = row.getLong("everything") - plain - current - unknown;
                  return new Count(plain, current, previous, unknown);
                })
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
    return new Rotation(encrypted, plain, unreadable);
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
    List<Kept> anew = new ArrayList<>();
    List<WebhookId> unreadable = new ArrayList<>();
    for (Kept row : rows) {
      anew(row).ifPresentOrElse(anew::add, () -> unreadable.add(new WebhookId(row.id())));
    }
    Columns.of(anew)
        .uuids("ids", Kept::id)
        .texts("secrets", Kept::secret)
        .texts("retired", Kept::retired)
        .bindTo(
            handle.createUpdate(
                """
                update runhook.webhook w set secret = n.secret, retired_secret = n.retired, secret_key = :current
                from unnest(:ids, :secrets, :retired) as n (id, secret, retired)
                where w.id = n.id
                """))
        .bind("current", cipher.keyId())
        .execute();
    long plain =
        rows.stream()
            .filter(row -> row.keyId() == null)
            .filter(row -> !unreadable.contains(new WebhookId(row.id())))
            .count();
    return new Batch(
        anew.size(),
        plain,
        unreadable,
        rows.isEmpty() ? Optional.empty() : Optional.of(rows.getLast().id()));
  }

  private Optional<Kept> anew(Kept row) {
    try {
      String retired = row.retired();
      return Optional.of(
          new Kept(
              row.id(),
              anew(row, Column.SECRET, row.secret()),
              retired == null ? null : anew(row, Column.RETIRED_SECRET, retired),
              cipher.keyId()));
    } catch (SecretUnreadableException _) {
      return Optional.empty();
    }
  }

  private String anew(Kept row, Column column, String kept) {
    return cipher.kept(row.id(), column, cipher.opened(row.id(), column, kept, row.keyId()));
  }

  private <T> T translated(
      String doing, org.jdbi.v3.core.HandleCallback<T, RuntimeException> work) {
    try {
      return jdbi.withHandle(work);
    } catch (RuntimeException e) {
      throw StoreFailures.translated(doing, e);
    }
  }
}
