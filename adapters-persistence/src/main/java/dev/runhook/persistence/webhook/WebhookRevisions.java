package dev.runhook.persistence.webhook;

import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookRevision;
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

/// What webhooks sent from one edit to the next, and where to.
public final class WebhookRevisions {
  private final TransactionScope transactionScope;

  public WebhookRevisions(TransactionScope session) {
    this.transactionScope = session;
  }

  /// Keeps what the webhook, which is there, sends now; nothing where that is kept already.
  /// Nothing, too, where its headers cannot be read: then it sends nothing.
  void add(Webhook webhook) {
    if (!webhook.settings().headers().isDecrypted()) {
      return;
    }
    UUID id = webhook.id().value();
    WebhookRevision webhookRevision = webhook.currentRevision();
    EncryptedHeaders headers =
        EncryptedHeaders.encrypt(
            webhookRevision.headers(),
            new AadContext(id, webhookRevision.number()),
            transactionScope.cipher());
    UnnestParameters.of(List.of(headers))
        .textArrays("names", EncryptedHeaders::names)
        .textArrays("values", EncryptedHeaders::values)
        .texts("keys", EncryptedHeaders::keyId)
        .bindTo(
            transactionScope.update(
                """
                insert into runhook.webhook_revision (webhook_id, revision, endpoint, header_names, header_values, header_key_id)
                select :webhook::uuid, :revision, :endpoint, n.header_names::text[], n.header_values::text[], n.header_key_id
                from unnest(:names, :values, :keys) as n (header_names, header_values, header_key_id)
                on conflict do nothing
                """))
        .bind("webhook", id)
        .bind("revision", webhookRevision.number())
        .bind("endpoint", webhookRevision.endpoint().text())
        .execute();
  }

  /// Those of the webhook with these numbers that are still known.
  public List<WebhookRevision> find(WebhookId webhook, Collection<Integer> numbers) {
    return UnnestParameters.of(numbers)
        .longs("numbers", Integer::longValue)
        .bindTo(
            transactionScope.query(
                "select * from runhook.webhook_revision where webhook_id = :webhook::uuid and revision = any (:numbers) order by revision"))
        .bind("webhook", webhook.value())
        .map((row, _) -> read(row, transactionScope.cipher()))
        .list();
  }

  private static WebhookRevision read(ResultSet row, SecretCipher cipher) throws SQLException {
    int number = row.getInt("revision");
    AadContext aadContext = new AadContext(row.getObject("webhook_id", UUID.class), number);
    return new WebhookRevision(
        number,
        Endpoint.ofStored(row.getString("endpoint")),
        EncryptedHeaders.read(row, "").decrypt(aadContext, cipher));
  }

  /// Deletes those that gave way to another before that day began: two days are added, since what
  /// was taken before an edit is sent a while after it, and parts are forgotten by whole days.
  public static int deleteExpired(Handle handle, LocalDate day) {
    return handle
        .createUpdate(
            """
            delete from runhook.webhook_revision r using runhook.webhook_revision next
            where next.webhook_id = r.webhook_id and next.revision = r.revision + 1 and next.created_at < :day
            """)
        .bind("day", day.minusDays(2).atStartOfDay().atOffset(ZoneOffset.UTC))
        .execute();
  }
}
