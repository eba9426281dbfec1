package dev.runhook.testkit.memory;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.delivery.Deliveries.LaneKey;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.LatestRedelivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.DeliveryPhase;
import dev.runhook.domain.delivery.LastResult;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.OperationalEvent;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.Event.TestEvent;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/// @param lane empty for pings and test events
record DeliveryRow(
    DeliveryId id,
    StackId stack,
    WebhookId webhook,
    Optional<LaneKey> lane,
    DeliveryContent content,
    DeliveryState state) {
  /// @param event the event of the delivery
  /// @param previousVersion the last version sent to the webhook; ignored for redeliveries, whose
  ///   content has it
  static DeliveryRow of(NewDelivery added, Event event, Optional<Long> previousVersion) {
    DeliveryContent content =
        added.content().redeliveryOf().isPresent()
            ? added.content()
            : added
                .content()
                .forDelivery(
                    previousVersion.filter(version -> version < version(added.content())),
                    Optional.empty());
    return new DeliveryRow(
        added.id(),
        added.webhook().stack(),
        added.webhook().id(),
        lane(added, event),
        content,
        DeliveryState.waiting());
  }

  /// Returns what a transaction locks that changes the delivery. A lane is locked as a whole.
  Object lockKey() {
    return lane.<Object>map(key -> key).orElse(id);
  }

  DeliveryRow withState(DeliveryState next) {
    return new DeliveryRow(id, stack, webhook, lane, content, next);
  }

  Status status() {
    return state.status();
  }

  boolean isOpen() {
    return status() == Status.PENDING;
  }

  boolean isOnStack(StackId other) {
    return stack.equals(other);
  }

  Optional<RunId> run() {
    return content.transition().map(transitionRef -> new RunId(stack, transitionRef.run()));
  }

  static Optional<LaneKey> lane(NewDelivery added, Event event) {
    WebhookId receiver = added.webhook().id();
    return switch (event) {
      case RunStateChanged change -> {
        byte[] run = change.run().id().toString().getBytes(StandardCharsets.UTF_8);
        yield Optional.of(new LaneKey(receiver, UUID.nameUUIDFromBytes(run), true));
      }
      case OperationalEvent operational ->
          Optional.of(new LaneKey(receiver, UUID.fromString(operational.webhook().id()), false));
      case Ping ignored -> Optional.empty();
      case TestEvent ignored -> Optional.empty();
    };
  }

  boolean isInLane(LaneKey other) {
    return lane.filter(other::equals).isPresent();
  }

  /// Returns the position in the lane of a run. In other lanes, it is 0.
  long version() {
    return version(content);
  }

  private static long version(DeliveryContent content) {
    return content.transition().map(Delivery.TransitionRef::version).orElse(0L);
  }

  LeasedDelivery toLeasedDelivery(Webhook current) {
    return new LeasedDelivery(
        new Lease(id, state.attemptsStarted(), state.failures()), current, content);
  }

  /// Returns a page of the finished attempts, the latest first.
  Page<Attempt> attempts(PageRequest request) {
    return KeysetPages.descending(
        state.completedAttempts().reversed(), request, Attempt::number, Integer::parseInt);
  }

  Delivery toDelivery(DeliveryPhase phase, Optional<LatestRedelivery> resentAs) {
    return new Delivery(
        id,
        stack,
        webhook,
        content.event(),
        content.kind(),
        content.transition(),
        phase,
        state.attemptsStarted(),
        state.due(),
        state.deliveredAt(),
        state.completedAttempts().stream()
            .reduce((ignored, last) -> last)
            .map(attempt -> LastResult.of(attempt.outcome())),
        content.redeliveryOf(),
        resentAs);
  }
}
