package dev.runhook.application.outbox;

import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.util.Collection;

/// Never reserves a slot.
final class WakeOnlyHandoff implements DispatchHandoff {
  private final Runnable wakeOthers;

  WakeOnlyHandoff(Runnable wakeOthers) {
    this.wakeOthers = wakeOthers;
  }

  @Override
  public Duration leaseDuration() {
    return Duration.ZERO;
  }

  @Override
  public long nanoTime() {
    return 0;
  }

  @Override
  public boolean reserveSlot(WebhookId webhook) {
    return false;
  }

  @Override
  public void releaseSlot(WebhookId webhook) {}

  @Override
  public void submit(Collection<LeasedDelivery> deliveries, long leasedAt) {
    throw new IllegalStateException("no slot was reserved");
  }

  @Override
  public void wake() {
    wakeOthers.run();
  }
}
