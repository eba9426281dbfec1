package dev.runhook.persistence.delivery;

/// Parts of statements about deliveries that were redelivered.
public final class RedeliveryCondition {
  /// Whether the event of a delivery `d` was not sent to the webhook again later. The indexes of
  /// runs and lanes find it: with `not exists`, PostgreSQL would scan the queue instead.
  public static final String NOT_REDELIVERED =
      """
      (select r.id from runhook.delivery r
        where coalesce(r.run_id, r.webhook_id) = coalesce(d.run_id, d.webhook_id) and r.id > d.id
          and r.webhook_id = d.webhook_id and r.event_id = d.event_id limit 1) is null
      and (select q.id from runhook.delivery_queue q
        where q.webhook_id = d.webhook_id and q.run_id = d.run_id and q.state_version = d.state_version
          and q.id > d.id limit 1) is null
      and (d.run_id is not null or (select q.id from runhook.delivery_queue q
        where q.webhook_id = d.webhook_id and q.run_id is null and q.event_id = d.event_id
          and q.id > d.id limit 1) is null)
      """;

  private RedeliveryCondition() {}
}
