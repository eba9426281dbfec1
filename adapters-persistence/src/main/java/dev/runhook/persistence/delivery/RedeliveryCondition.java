package dev.runhook.persistence.delivery;

/// Parts of statements about deliveries that were redelivered.
public final class RedeliveryCondition {
  /// Whether `n` is a later delivery of the event of `d` to its webhook. All of them are
  /// redeliveries, which have indexes of their own.
  static final String REDELIVERED =
      "n.event_id = d.event_id and n.webhook_id = d.webhook_id and n.id > d.id and n.redelivery_of is not null";

  /// Whether the event of a delivery `d` was not sent to the webhook again later. With `not
  /// exists`, PostgreSQL would scan the queue.
  public static final String NOT_REDELIVERED =
      "(select n.id from runhook.all_deliveries n where " + REDELIVERED + " limit 1) is null";

  private RedeliveryCondition() {}
}
