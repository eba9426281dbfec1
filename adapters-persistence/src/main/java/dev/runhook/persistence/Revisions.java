package dev.runhook.persistence;

import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Revision;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.KeptHeaders.Place;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// What webhooks sent from one edit to the next, and where to.
final class Revisions {
  private final Session session;

  Revisions(Session session) {
    this.session = session;
  }

  /// Keeps what the webhook, which is there, sends now; nothing where that is kept already.
  /// Nothing, too, where its headers cannot be read: then it sends nothing.
  void keep(Webhook webhook) {
    if (!webhook.settings().headers().isReadable()) {
      return;
    }
    UUID id = webhook.id().value();
    Revision revision = webhook.sending();
    KeptHeaders headers =
        KeptHeaders.of(revision.headers(), new Place(id, revision.number()), session.cipher());
    Columns.of(List.of(headers))
        .textArrays("names", KeptHeaders::names)
        .textArrays("values", KeptHeaders::values)
        .texts("keys", KeptHeaders::keyId)
        .bindTo(
            session.update(
                """
                insert into runhook.webhook_revision (webhook_id, revision, endpoint, header_names, header_values, header_key)
                select :webhook::uuid, :revision, :endpoint, n.header_names::text[], n.header_values::text[], n.header_key
                from unnest(:names, :values, :keys) as n (header_names, header_values, header_key)
                on conflict do nothing
                """))
        .bind("webhook", id)
        .bind("revision", revision.number())
        .bind("endpoint", revision.endpoint().text())
        .execute();
  }

  /// Those of the webhook with these numbers that are still known.
  List<Revision> find(WebhookId webhook, Collection<Integer> numbers) {
    return Columns.of(numbers)
        .longs("numbers", Integer::longValue)
        .bindTo(
            session.query(
                "select * from runhook.webhook_revision where webhook_id = :webhook::uuid and revision = any (:numbers) order by revision"))
        .bind("webhook", webhook.value())
        .map((row, _) -> read(row, session.cipher()))
        .list();
  }

  private static Revision read(ResultSet row, SecretCipher cipher) throws SQLException {
    int number = row.getInt("revision");
    Place place = new Place(row.getObject("webhook_id", UUID.class), number);
    return new Revision(
        number,
        Endpoint.stored(row.getString("endpoint")),
        KeptHeaders.read(row, "").opened(place, cipher));
  }

  /// Deletes those that gave way to another before that day began: two days are added, since what
  /// was taken before an edit is sent a while after it, and parts are forgotten by whole days.
  static int deleteOld(Handle handle, LocalDate day) {
    return handle
        .createUpdate(
            """
            delete from runhook.webhook_revision r using runhook.webhook_revision next
            where next.webhook_id = r.webhook_id and next.revision = r.revision + 1 and next.since < :day
            """)
        .bind("day", day.minusDays(2).atStartOfDay().atOffset(ZoneOffset.UTC))
        .execute();
  }
}
