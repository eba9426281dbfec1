package dev.runhook.persistence.webhook;

import dev.runhook.application.spi.Webhooks.LaggingWebhook;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import dev.runhook.persistence.secret.SecretCipher;
import java.time.Duration;
import java.util.List;

/// Finds the webhooks whose oldest due delivery is late. It looks at one delivery of each active
/// webhook, on stacks with a webhook that wants to know.
final class LaggingWebhookQuery {
  private static final String END_MARKS =
      """
      with ended as materialized (
        select w.id from runhook.webhook w
        where w.lag_reported_at is not null
          and not exists (
            select 1 from runhook.delivery_queue q
            where q.webhook_id = w.id and q.due_at <= now() - :lag * interval '1 microsecond'
              and q.leased_until is null)
        order by w.id for no key update skip locked)
      update runhook.webhook set lag_reported_at = null where id = any (array(select id from ended))
      """;

  private static final String FIND =
      """
      with late as materialized (
        select w.id, (
          select q.due_at from runhook.delivery_queue q
          where q.webhook_id = w.id and q.due_at <= now() - :lag * interval '1 microsecond'
            and q.leased_until is null
          order by q.due_at, q.id limit 1) as due_since
        from runhook.webhook w
        where w.health = 'ACTIVE' and w.lag_reported_at is null and w.settings -> 'events' is null and w.deleted_at is null
          and w.stack_id = any (array(
            select n.stack_id from runhook.webhook n
            where n.settings -> 'events' is not null and n.settings -> 'events' @> '["queue_lagging"]'
              and n.deleted_at is null)))
      select %s, l.due_since
      from late l join runhook.webhook w on w.id = l.id join runhook.stack s on s.id = w.stack_id
      where l.due_since is not null and w.health = 'ACTIVE' and w.lag_reported_at is null
      order by w.id limit :limit for no key update of w skip locked
      """
          .formatted(WebhookMapper.COLUMNS);

  private static final String MARK =
      "update runhook.webhook set lag_reported_at = now() where id = any (:ids)";

  private final TransactionScope transaction;
  private final SecretCipher cipher;

  LaggingWebhookQuery(TransactionScope transaction, SecretCipher cipher) {
    this.transaction = transaction;
    this.cipher = cipher;
  }

  List<LaggingWebhook> mark(Duration lag, int limit) {
    transaction.update(END_MARKS).bind("lag", SqlValues.micros(lag.dividedBy(2))).execute();
    List<LaggingWebhook> found =
        transaction
            .query(FIND)
            .bind("lag", SqlValues.micros(lag))
            .bind("limit", limit)
            .map((row, ignored) ->
                new LaggingWebhook(
                    WebhookMapper.read(row, cipher), SqlValues.instant(row, "due_since")))
            .list();
    if (!found.isEmpty()) {
      UnnestParameters.of(found)
          .uuids("ids", each -> each.webhook().id().value())
          .bindTo(transaction.update(MARK))
          .execute();
    }
    return found;
  }
}
