package dev.runhook.persistence.webhook;

import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import dev.runhook.persistence.secret.EncryptedHeaders;
import dev.runhook.persistence.secret.EncryptedHeaders.AadContext;
import dev.runhook.persistence.secret.SecretCipher;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// The table `webhook_revision`.
public final class WebhookRevisions {
  private final TransactionScope transaction;
  private final SecretCipher cipher;

  public WebhookRevisions(TransactionScope transaction, SecretCipher cipher) {
    this.transaction = transaction;
    this.cipher = cipher;
  }

  /// Adds the current revision of a stored webhook, unless it is already stored. A webhook whose
  /// headers cannot be decrypted sends nothing and needs no revision.
  void add(Webhook webhook) {
    if (!webhook.settings().headers().isDecrypted()) {
      return;
    }
    UUID id = webhook.id().value();
    Webhook.Revision revision = webhook.currentRevision();
    EncryptedHeaders headers =
        EncryptedHeaders.encrypt(revision.headers(), new AadContext(id, revision.number()), cipher);
    transaction
        .update(
            """
            insert into runhook.webhook_revision (webhook_id, revision, endpoint, header_names, header_values,
              header_key_id)
            values (:webhook, :revision, :endpoint, :names, :values, :key)
            on conflict do nothing
            """)
        .bind("webhook", id)
        .bind("revision", revision.number())
        .bind("endpoint", revision.endpoint().text())
        .bindArray("names", String.class, headers.names())
        .bindArray("values", String.class, headers.values())
        .bind("key", headers.keyId())
        .execute();
  }

  /// Returns the revisions that are still stored, in the order of their numbers.
  public List<Webhook.Revision> find(WebhookId webhook, Collection<Integer> numbers) {
    return UnnestParameters.of(numbers)
        .longs("numbers", Integer::longValue)
        .bindTo(
            transaction.query(
                """
                select * from runhook.webhook_revision
                where webhook_id = :webhook and revision = any (:numbers)
                order by revision
                """))
        .bind("webhook", webhook.value())
        .map((row, ignored) -> read(row))
        .list();
  }

  private Webhook.Revision read(ResultSet row) throws SQLException {
    int number = row.getInt("revision");
    AadContext context = new AadContext(row.getObject("webhook_id", UUID.class), number);
    return new Webhook.Revision(
        number,
        Endpoint.ofStored(row.getString("endpoint")),
        EncryptedHeaders.read(row, "").decrypt(context, cipher));
  }

  /// Deletes webhooks whose deliveries are all older than that day.
  public static int deleteRemovedWebhooks(Handle handle, LocalDate day) {
    return handle
        .createUpdate("delete from runhook.webhook where deleted_at < :before")
        .bind("before", day.atStartOfDay().atOffset(ZoneOffset.UTC))
        .execute();
  }

  /// Deletes revisions that were replaced at least two days before that day. The margin is needed
  /// because a delivery claimed before an edit may be sent after it, and history expires by whole
  /// days.
  public static int deleteExpired(Handle handle, LocalDate day) {
    return handle
        .createUpdate(
            """
            delete from runhook.webhook_revision r using runhook.webhook_revision next
            where next.webhook_id = r.webhook_id and next.revision = r.revision + 1 and next.created_at < :before
            """)
        .bind("before", day.minusDays(2).atStartOfDay().atOffset(ZoneOffset.UTC))
        .execute();
  }
}
