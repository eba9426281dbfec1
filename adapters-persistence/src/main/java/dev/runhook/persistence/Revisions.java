package dev.runhook.persistence;

import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Revision;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// What webhooks sent from one edit to the next, and where to.
final class Revisions {
  private final Session session;

  Revisions(Session session) {
    this.session = session;
  }

  /// Keeps what the webhook, which is there, sends now; nothing where that is kept already.
  void keep(Webhook webhook) {
    Columns.of(List.of(webhook.sending()))
        .longs("revisions", revision -> (long) revision.number())
        .texts("endpoints", revision -> revision.endpoint().text())
        .textArrays(
            "headerNames",
            revision -> revision.headers().headers().stream().map(Header::name).toList())
        .textArrays(
            "headerValues",
            revision -> revision.headers().headers().stream().map(Header::value).toList())
        .bindTo(
            session.update(
                """
                insert into runhook.webhook_revision (webhook_id, revision, endpoint, header_names, header_values)
                select :webhook::uuid, n.revision, n.endpoint, n.header_names::text[], n.header_values::text[]
                from unnest(:revisions, :endpoints, :headerNames, :headerValues) as n (revision, endpoint, header_names, header_values)
                on conflict do nothing
                """))
        .bind("webhook", webhook.id().value())
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
        .map((row, _) -> read(row))
        .list();
  }

  private static Revision read(ResultSet row) throws SQLException {
    return new Revision(
        row.getInt("revision"),
        Endpoint.stored(row.getString("endpoint")),
        new CustomHeaders(WebhookRows.readHeaders(row, "header_names", "header_values")));
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
