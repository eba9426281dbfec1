package dev.runhook.application.outbox;

import dev.runhook.application.spi.Parcel;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.util.Collection;

final class NoIntake implements Intake {
  private final Runnable wakeOthers;

  NoIntake(Runnable wakeOthers) {
    this.wakeOthers = wakeOthers;
  }

  @Override
  public Duration lease() {
    return Duration.ZERO;
  }

  @Override
  public long tick() {
    return 0;
  }

  @Override
  public boolean reserve(WebhookId webhook) {
    return false;
  }

  @Override
  public void giveBack(WebhookId webhook) {}

  @Override
  public void accept(Collection<Parcel> parcels, long leasedAt) {
    throw new IllegalStateException("nothing was reserved here");
  }

  @Override
  public void wake() {
    wakeOthers.run();
  }
}
