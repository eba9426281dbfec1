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
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.LastResult;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/// @param template the one that its payload is the result of, if any
record DeliveryRow(
    DeliveryId id,
    StackId stack,
    WebhookId webhook,
    DeliveryContent content,
    Optional<String> template,
    DeliveryState state) {
  /// @param previousVersion the last version sent to the webhook; ignored for redeliveries, whose
  ///   content has it
  static DeliveryRow of(NewDelivery added, Optional<Long> previousVersion) {
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
        content,
        content.redeliveryOf().isPresent() ? Optional.empty() : template(added.webhook()),
        DeliveryState.waiting());
  }

  private static Optional<String> template(Webhook webhook) {
    return webhook.settings().delivery().template();
  }

  DeliveryRow withState(DeliveryState next) {
    return new DeliveryRow(id, stack, webhook, content, template, next);
  }

  /// Returns this row with a payload in the format that the webhook has now.
  DeliveryRow withPayload(Payload payload, Webhook current) {
    return new DeliveryRow(
        id, stack, webhook, content.withPayload(payload), template(current), state);
  }

  /// Returns whether the payload is in the format, and of the template, of the webhook.
  boolean isInFormatOf(Webhook current) {
    return content.payload().format() == current.settings().delivery().format()
        && template.equals(template(current));
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

  Optional<LaneKey> lane() {
    return run()
        .map(run -> run.toString().getBytes(StandardCharsets.UTF_8))
        .map(name -> new LaneKey(webhook, UUID.nameUUIDFromBytes(name)));
  }

  boolean isInLane(LaneKey lane) {
    return lane().filter(lane::equals).isPresent();
  }

  /// Returns the position in the lane. The id decides between equal versions.
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

  Delivery toDelivery() {
    return new Delivery(
        id,
        stack,
        webhook,
        content.event(),
        content.kind(),
        content.transition(),
        status(),
        state.attemptsStarted(),
        state.due(),
        state.deliveredAt(),
        state.completedAttempts().stream()
            .reduce((ignored, last) -> last)
            .map(attempt -> LastResult.of(attempt.outcome())),
        content.redeliveryOf());
  }
}
