package dev.runhook.application.dispatch;

import dev.runhook.application.outbox.CatchUp;
import dev.runhook.application.spi.ByteLimits;
import dev.runhook.application.spi.Deliveries.CompletionResult;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.Webhooks.LockedWebhooks;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Completes a batch of attempts in one unit of work: stores the attempts, finishes or reschedules
/// the deliveries, updates the health of the webhooks, makes waiting deliveries of recovered
/// webhooks due, and promotes the next delivery of each lane.
final class CompletionTransaction {
  private final UnitOfWork unit;
  private final PausePolicy pausePolicy;

  CompletionTransaction(UnitOfWork unit, PausePolicy pausePolicy) {
    this.unit = unit;
    this.pausePolicy = pausePolicy;
  }

  /// What to lease of the next deliveries of the lanes.
  ///
  /// @param duration absent to lease none
  record NextLease(Optional<Duration> duration, ByteLimits bytes) {
    static NextLease none() {
      return new NextLease(Optional.empty(), ByteLimits.none());
    }

    /// Returns whether other deliveries may not have been leased.
    boolean isUsedUpBy(List<LeasedDelivery> leased) {
      ByteLimits.Count count = bytes.startCount();
      leased.forEach(delivery -> count.add(delivery.webhook(), delivery.bytes()));
      return duration.isEmpty() || count.isFull();
    }
  }

  /// @param applied the deliveries that were still leased to this process
  /// @param webhookChanges the webhooks whose health has changed
  /// @param leasedNext promoted deliveries that are leased to this process
  /// @param moreDue whether promoted deliveries may be due because they were not leased
  /// @param deferred attempts to complete later, because another transaction has locked their
  ///   delivery or webhook
  record BatchResult(
      Set<DeliveryId> applied,
      List<WebhookChange> webhookChanges,
      List<LeasedDelivery> leasedNext,
      boolean moreDue,
      List<AttemptResult> deferred) {
    static BatchResult ofDeferred(List<AttemptResult> batch) {
      return new BatchResult(Set.of(), List.of(), List.of(), false, batch);
    }

    BatchResult merge(BatchResult other) {
      return new BatchResult(
          union(applied, other.applied),
          concat(webhookChanges, other.webhookChanges),
          concat(leasedNext, other.leasedNext),
          moreDue || other.moreDue,
          concat(deferred, other.deferred));
    }

    private static <T> Set<T> union(Set<T> first, Set<T> second) {
      return Stream.concat(first.stream(), second.stream()).collect(Collectors.toUnmodifiableSet());
    }

    private static <T> List<T> concat(List<T> first, List<T> second) {
      return Stream.concat(first.stream(), second.stream()).toList();
    }
  }

  record WebhookChange(Webhook before, Webhook after) {
    boolean isRecovery() {
      return after.isRecoveredFrom(before);
    }
  }

  BatchResult complete(List<AttemptResult> batch, NextLease nextLease) {
    Set<DeliveryId> busyDeliveries =
        unit.deliveries().tryLock(batch.stream().map(AttemptResult::toCompletedAttempt).toList());
    LockedWebhooks webhooksToUpdate =
        findForHealthUpdate(
            batch.stream()
                .filter(attempt -> !busyDeliveries.contains(attempt.deliveryId()))
                .toList());
    Map<Boolean, List<AttemptResult>> byLock =
        batch.stream()
            .collect(
                Collectors.partitioningBy(attempt ->
                    busyDeliveries.contains(attempt.deliveryId())
                        || webhooksToUpdate.busy().contains(attempt.webhookId())));
    List<AttemptResult> deferred = byLock.getOrDefault(true, List.of());
    List<AttemptResult> ready = byLock.getOrDefault(false, List.of());
    Map<WebhookId, Webhook> webhooks =
        webhooksToUpdate.locked().stream()
            .collect(Collectors.toMap(Webhook::id, Function.identity()));
    CompletionResult completed =
        unit.deliveries().complete(ready.stream().map(AttemptResult::toCompletedAttempt).toList());
    List<WebhookChange> changes = updateHealth(ready, completed.applied(), webhooks);
    List<LeasedDelivery> leasedNext =
        completed.unblockedLanes().isEmpty()
            ? List.of()
            : unit.deliveries()
                .promoteNext(completed.unblockedLanes(), nextLease.duration(), nextLease.bytes());
    return new BatchResult(
        completed.applied(),
        changes,
        leasedNext,
        !completed.unblockedLanes().isEmpty() && nextLease.isUsedUpBy(leasedNext),
        deferred);
  }

  private LockedWebhooks findForHealthUpdate(List<AttemptResult> batch) {
    Set<WebhookId> failed = webhooksOf(batch, AttemptResult::countsAsFailure);
    Set<WebhookId> successful = webhooksOf(batch, AttemptResult::isDelivered);
    return unit.webhooks().findForHealthUpdate(failed, successful);
  }

  private static Set<WebhookId> webhooksOf(
      List<AttemptResult> batch, Predicate<AttemptResult> condition) {
    return batch.stream()
        .filter(condition)
        .map(AttemptResult::webhookId)
        .collect(Collectors.toSet());
  }

  private List<WebhookChange> updateHealth(
      List<AttemptResult> batch, Set<DeliveryId> applied, Map<WebhookId, Webhook> webhooks) {
    if (webhooks.isEmpty()) {
      return List.of(); // the usual case; it does not need the query for the time
    }
    Instant now = unit.now();
    Map<WebhookId, Webhook> updated = new LinkedHashMap<>();
    for (AttemptResult attempt : batch) {
      Webhook webhook =
          updated.getOrDefault(attempt.webhookId(), webhooks.get(attempt.webhookId()));
      if (webhook != null && applied.contains(attempt.deliveryId())) {
        updated.put(attempt.webhookId(), attempt.applyTo(webhook, now, pausePolicy));
      }
    }
    List<WebhookChange> changes = new ArrayList<>();
    webhooks.forEach((id, before) -> {
      Webhook after = updated.getOrDefault(id, before);
      if (!after.health().equals(before.health())) {
        changes.add(new WebhookChange(before, after));
      }
    });
    if (!changes.isEmpty()) {
      unit.webhooks().saveHealth(changes.stream().map(WebhookChange::after).toList());
      CatchUp.start(
          unit,
          changes.stream()
              .filter(WebhookChange::isRecovery)
              .map(change -> change.after().id())
              .toList());
    }
    return changes;
  }
}
