package dev.runhook.persistence.webhook;

import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Interruption;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// The table `webhook_interruption`.
public final class WebhookInterruptions {
  private final TransactionScope transaction;

  public WebhookInterruptions(TransactionScope transaction) {
    this.transaction = transaction;
  }

  private record Ended(UUID webhook, String cause, Instant since) {}

  /// Adds the interruptions that webhooks end when they are saved. Call it before that.
  void add(Collection<Webhook> webhooks) {
    List<Webhook> candidates =
        webhooks.stream()
            .filter(webhook -> !(webhook.health() instanceof Health.Paused)) // ends nothing
            .toList();
    List<Ended> ended = candidates.isEmpty() ? List.of() : findEnded(candidates);
    if (!ended.isEmpty()) {
      UnnestParameters.of(ended)
          .uuids("ids", Ended::webhook)
          .texts("causes", Ended::cause)
          .instants("begins", Ended::since)
          .bindTo(
              transaction.update(
                  """
                  insert into runhook.webhook_interruption (webhook_id, cause, began_at)
                  select webhook_id, cause, began_at
                  from unnest(:ids, :causes, :begins) as n (webhook_id, cause, began_at)
                  on conflict do nothing
                  """))
          .execute();
    }
  }

  private List<Ended> findEnded(List<Webhook> webhooks) {
    return UnnestParameters.of(webhooks)
        .uuids("ids", webhook -> webhook.id().value())
        .texts("healths", WebhookMapper::healthName)
        .bindTo(
            transaction.query(
                """
                select w.id, w.health, w.health_since
                from unnest(:ids, :healths) as n (id, health) join runhook.webhook w on w.id = n.id
                where w.health <> 'ACTIVE' and w.health <> n.health
                """))
        .map((row, ignored) ->
            new Ended(
                row.getObject("id", UUID.class),
                row.getString("health"),
                SqlValues.instant(row, "health_since")))
        .list();
  }

  /// Returns the interruptions of a webhook that did not end before this time, the earliest first.
  public List<Interruption> find(WebhookId webhook, Instant from, int limit) {
    return transaction
        .query(
            """
            select cause, began_at, ended_at from runhook.webhook_interruption
            where webhook_id = :webhook and ended_at >= :from order by ended_at limit :limit
            """)
        .bind("webhook", webhook.value())
        .bind("from", from.atOffset(ZoneOffset.UTC))
        .bind("limit", limit)
        .map((row, ignored) ->
            new Interruption(
                Interruption.Cause.valueOf(row.getString("cause")),
                SqlValues.instant(row, "began_at"),
                SqlValues.instant(row, "ended_at")))
        .list();
  }

  /// Deletes the interruptions that ended before that day.
  public static int deleteExpired(Handle handle, LocalDate day) {
    return handle
        .createUpdate("delete from runhook.webhook_interruption where ended_at < :day")
        .bind("day", day.atStartOfDay().atOffset(ZoneOffset.UTC))
        .execute();
  }
}
