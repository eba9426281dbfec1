package dev.runhook.testkit;

import dev.runhook.application.spi.LaneKey;
import dev.runhook.application.spi.Lease;
import dev.runhook.application.spi.Letter;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.Parcel;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/// A delivery as it is kept: what never changes, and how it stands.
record DeliveryRow(
    DeliveryId id, StackId stack, WebhookId webhook, Letter letter, Standing standing) {
  /// @param previous what the webhook was told of the run before; of what repeats another by hand,
  ///   that is in its letter
  static DeliveryRow of(NewDelivery added, Optional<Long> previous) {
    Letter letter =
        added.letter().redeliveryOf().isPresent()
            ? added.letter()
            : added.parcel(previous).letter();
    return new DeliveryRow(
        added.id(), added.webhook().stack(), added.webhook().id(), letter, Standing.waiting());
  }

  DeliveryRow with(Standing next) {
    return new DeliveryRow(id, stack, webhook, letter, next);
  }

  Status status() {
    return standing.status();
  }

  boolean isOpen() {
    return status() == Status.PENDING;
  }

  boolean isOn(StackId other) {
    return stack.equals(other);
  }

  Optional<RunId> run() {
    return letter.move().map(move -> new RunId(stack, move.run()));
  }

  Optional<LaneKey> lane() {
    return run()
        .map(run -> run.toString().getBytes(StandardCharsets.UTF_8))
        .map(name -> new LaneKey(webhook, UUID.nameUUIDFromBytes(name)));
  }

  boolean isIn(LaneKey lane) {
    return lane().filter(lane::equals).isPresent();
  }

  /// Its place in the lane; the id decides between equal ones.
  long version() {
    return letter.move().map(Delivery.Move::version).orElse(0L);
  }

  Parcel parcel(Webhook current) {
    return new Parcel(new Lease(id, standing.begun(), standing.failures()), current, letter);
  }

  Delivery delivery() {
    return new Delivery(
        id,
        stack,
        webhook,
        letter.event(),
        letter.kind(),
        letter.move(),
        status(),
        standing.begun(),
        standing.due(),
        standing.deliveredAt(),
        letter.redeliveryOf());
  }
}
