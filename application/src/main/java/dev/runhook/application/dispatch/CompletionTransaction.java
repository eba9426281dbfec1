package dev.runhook.application.dispatch;

import dev.runhook.application.spi.CompletionResult;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.application.spi.UnitOfWork;
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

/// Settles what was sent, a batch in one unit of work: keeps the attempts, finishes or reschedules
/// the deliveries, judges the webhooks' health, and frees the next of each lane.
final class CompletionTransaction {
  private final UnitOfWork unit;
  private final PausePolicy pausing;

  CompletionTransaction(UnitOfWork unit, PausePolicy pausing) {
    this.unit = unit;
    this.pausing = pausing;
  }

  /// What a batch changed.
  ///
  /// @param applied which deliveries were still ours to settle
  /// @param changes webhooks whose health is another now
  /// @param next what was freed and leased to us
  /// @param deferred what has to be settled another time, for somebody else holds its run
  record BatchResult(
      Set<DeliveryId> applied,
      List<WebhookChange> webhookChanges,
      List<LeasedDelivery> leasedNext,
      List<AttemptResult> deferred) {
    static BatchResult ofDeferred(List<AttemptResult> batch) {
      return new BatchResult(Set.of(), List.of(), List.of(), batch);
    }

    BatchResult merge(BatchResult other) {
      return new BatchResult(
          union(applied, other.applied),
          concatenated(webhookChanges, other.webhookChanges),
          concatenated(leasedNext, other.leasedNext),
          concatenated(deferred, other.deferred));
    }

    private static <T> Set<T> union(Set<T> one, Set<T> other) {
      return Stream.concat(one.stream(), other.stream()).collect(Collectors.toUnmodifiableSet());
    }

    private static <T> List<T> concatenated(List<T> one, List<T> other) {
      return Stream.concat(one.stream(), other.stream()).toList();
    }
  }

  record WebhookChange(Webhook before, Webhook after) {}

  /// @param lease to take what is freed at once; absent to leave it to others
  BatchResult complete(List<AttemptResult> batch, Optional<Duration> lease) {
    Set<DeliveryId> blocked = lockLanes(batch);
    List<AttemptResult> ready =
        batch.stream()
            .filter(attemptResult -> !blocked.contains(attemptResult.deliveryId()))
            .toList();
    List<AttemptResult> deferred =
        batch.stream().filter(sent -> blocked.contains(sent.deliveryId())).toList();
    Map<WebhookId, Webhook> webhooks = lockToJudge(ready);
    CompletionResult completionResult =
        unit.deliveries().complete(ready.stream().map(AttemptResult::toCompletedAttempt).toList());
    List<WebhookChange> changes = judge(ready, completionResult.applied(), webhooks);
    List<LeasedDelivery> next =
        completionResult.unblockedLanes().isEmpty()
            ? List.of()
            : unit.deliveries().promoteNext(completionResult.unblockedLanes(), lease);
    return new BatchResult(completionResult.applied(), changes, next, deferred);
  }

  private Set<DeliveryId> lockLanes(List<AttemptResult> batch) {
    List<DeliveryId> finished =
        batch.stream()
            .filter(AttemptResult::finishesDelivery)
            .map(AttemptResult::deliveryId)
            .toList();
    return finished.isEmpty() ? Set.of() : unit.deliveries().tryLockLanes(finished);
  }

  private Map<WebhookId, Webhook> lockToJudge(List<AttemptResult> batch) {
    Set<WebhookId> failed = webhooksOf(batch, AttemptResult::countsAsFailure);
    Set<WebhookId> successful =
        webhooksOf(batch, attemptResult -> attemptResult.attempt().outcome().isDelivered());
    return unit.webhooks().findForHealthUpdate(failed, successful).stream()
        .collect(Collectors.toMap(Webhook::id, Function.identity()));
  }

  private static Set<WebhookId> webhooksOf(
      List<AttemptResult> batch, Predicate<AttemptResult> which) {
    return batch.stream().filter(which).map(AttemptResult::webhookId).collect(Collectors.toSet());
  }

  private List<WebhookChange> judge(
      List<AttemptResult> batch, Set<DeliveryId> applied, Map<WebhookId, Webhook> before) {
    if (before.isEmpty()) {
      return List.of(); // as nearly always: then there is no need to ask what time it is
    }
    Instant now = unit.now();
    Map<WebhookId, Webhook> after = new LinkedHashMap<>();
    for (AttemptResult attemptResult : batch) {
      Webhook webhook =
          after.getOrDefault(attemptResult.webhookId(), before.get(attemptResult.webhookId()));
      if (webhook != null && applied.contains(attemptResult.deliveryId())) {
        after.put(attemptResult.webhookId(), attemptResult.applyTo(webhook, now, pausing));
      }
    }
    List<WebhookChange> changes = new ArrayList<>();
    before.forEach((id, webhook) -> {
      Webhook next = after.getOrDefault(id, webhook);
      if (!next.health().equals(webhook.health())) {
        changes.add(new WebhookChange(webhook, next));
      }
    });
    if (!changes.isEmpty()) {
      unit.webhooks().saveHealth(changes.stream().map(WebhookChange::after).toList());
    }
    return changes;
  }
}
