package dev.runhook.application.outbox;

import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Collection;
import java.util.Set;

/// Makes the deliveries that wait for a retry due when their webhook recovers. The first ones
/// become due in the transaction of the recovery. A webhook may have a million of them, so further
/// transactions do the rest. If the process ends before these, the rest keeps its delays.
public final class CatchUp {
  /// Limits for how long a transaction locks the webhook.
  private static final int BATCH_SIZE = 5_000;

  private CatchUp() {}

  /// Makes the first deliveries due. The unit has stored that these webhooks are active.
  ///
  /// @return how many deliveries became due
  public static int start(UnitOfWork unit, Collection<WebhookId> recovered) {
    return recovered.isEmpty() ? 0 : unit.deliveries().makeDue(recovered, BATCH_SIZE);
  }

  /// Makes the first deliveries of the webhooks due that have recovered. The unit has stored these
  /// changes.
  public static void startAfter(UnitOfWork unit, Collection<WebhookChange> changes) {
    start(
        unit,
        changes.stream()
            .filter(WebhookChange::isRecovery)
            .map(change -> change.after().id())
            .toList());
  }

  /// Makes the rest due, unless the webhook is paused or disabled again.
  ///
  /// @return how many deliveries became due
  public static int finish(Bucket transactor, WebhookId webhook) {
    int total = 0;
    int madeDue;
    do {
      madeDue =
          transactor.<Integer>inTransaction(
              unit -> unit.deliveries().makeDue(Set.of(webhook), BATCH_SIZE));
      total += madeDue;
    } while (madeDue == BATCH_SIZE);
    return total;
  }
}
