package dev.runhook.application.dispatch;

import dev.runhook.application.outbox.CatchUp;
import dev.runhook.application.outbox.OperationalEvents;
import dev.runhook.application.outbox.OperationalEvents.Occurrence;
import dev.runhook.application.outbox.WebhookChange;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.Webhooks.LockedWebhooks;
import dev.runhook.application.spi.delivery.Deliveries.CompletedAttempt;
import dev.runhook.application.spi.delivery.Deliveries.CompletionResult;
import dev.runhook.application.spi.delivery.Deliveries.LaneKey;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Event.OperationalEvent.Cause;
import dev.runhook.domain.event.Event.OperationalEvent.Details;
import dev.runhook.domain.event.Event.OperationalEvent.RunInState;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
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
/// webhooks due, promotes the next delivery of each lane, and writes operational events.
final class CompletionTransaction {
  private final UnitOfWork unit;
  private final DispatchConfig config;
  private final OperationalEvents operationalEvents;

  CompletionTransaction(
      UnitOfWork unit, DispatchConfig config, OperationalEvents operationalEvents) {
    this.unit = unit;
    this.config = config;
    this.operationalEvents = operationalEvents;
  }

  /// What a batch has changed.
  ///
  /// @param applied the leases that were still valid
  /// @param webhookChanges the webhooks whose health has changed
  /// @param leasedNext promoted deliveries that are leased to this process
  /// @param moreDue whether deliveries may be due that were promoted or added, and not leased
  /// @param omittedEvents how many operational events were not written, because there were too many
  /// @param deferred attempts to complete later, because another transaction has locked their
  ///   delivery or webhook
  record BatchResult(
      Set<Lease> applied,
      List<WebhookChange> webhookChanges,
      List<LeasedDelivery> leasedNext,
      boolean moreDue,
      int omittedEvents,
      List<CompletedAttempt> deferred) {
    static BatchResult unchanged() {
      return new BatchResult(Set.of(), List.of(), List.of(), false, 0, List.of());
    }
  }

  /// @param continuing how many slots each webhook may use for next deliveries of its lanes
  BatchResult complete(List<CompletedAttempt> batch, Map<WebhookId, Integer> continuing) {
    LockedWebhooks webhooksToUpdate = findForHealthUpdate(batch);
    List<CompletedAttempt> ready =
        batch.stream()
            .filter(attempt -> !webhooksToUpdate.busy().contains(attempt.leased().webhook().id()))
            .toList();
    Map<WebhookId, Webhook> webhooks =
        webhooksToUpdate.locked().stream()
            .collect(Collectors.toMap(Webhook::id, Function.identity()));
    CompletionResult completed = unit.deliveries().complete(ready);
    List<CompletedAttempt> deferred =
        batch.stream()
            .filter(attempt ->
                webhooksToUpdate.busy().contains(attempt.leased().webhook().id())
                    || completed.busy().contains(attempt.lease()))
            .toList();
    List<WebhookChange> changes = updateHealth(ready, completed.applied(), webhooks);
    updateFormatErrors(ready, completed.applied());
    List<LeasedDelivery> leasedNext =
        completed.unblockedLanes().isEmpty()
            ? List.of()
            : unit.deliveries()
                .promoteNext(
                    completed.unblockedLanes(),
                    continued(completed.unblockedLanes(), continuing),
                    config.leaseDuration());
    OperationalEvents.Written events =
        operationalEvents.write(
            unit, occurrences(ready, completed, changes), OperationalEvents.MAX_SHARED_DELIVERIES);
    return new BatchResult(
        completed.applied(),
        changes,
        leasedNext,
        events.deliveries() > 0 || leasedNext.size() < completed.unblockedLanes().size(),
        events.omitted(),
        deferred);
  }

  /// Chooses the lanes whose next deliveries use the slots.
  private static Set<LaneKey> continued(
      Set<LaneKey> unblocked, Map<WebhookId, Integer> continuing) {
    Map<WebhookId, Integer> left = new HashMap<>(continuing);
    return unblocked.stream()
        .filter(lane -> left.merge(lane.webhook(), -1, Integer::sum) >= 0)
        .collect(Collectors.toSet());
  }

  /// Changes come first, because failed deliveries can be many, and are listed anyway.
  private static List<Occurrence> occurrences(
      List<CompletedAttempt> batch, CompletionResult completed, List<WebhookChange> changes) {
    return Stream.concat(
            changes.stream()
                .flatMap(change ->
                    OperationalEvents.of(change, Cause.RECEIVER, Optional.empty()).stream()),
            batch.stream()
                .filter(attempt -> attempt.disposition() instanceof Disposition.Exhausted)
                .filter(attempt -> completed.applied().contains(attempt.lease()))
                .map(CompletionTransaction::failure))
        .toList();
  }

  private static Occurrence failure(CompletedAttempt attempt) {
    DeliveryContent content = attempt.leased().content();
    Outcome outcome = attempt.attempt().outcome();
    return new Occurrence(
        attempt.leased().webhook(),
        new Details.DeliveryFailed(
            attempt.lease().delivery().toString(),
            content.kind(),
            content.transition().map(ref -> new RunInState(ref.run(), ref.state())),
            attempt.attempt().number(),
            outcome.error().orElse(outcome.code().name())));
  }

  /// A delivery that fails permanently is reported under the lock of its webhook, even if it does
  /// not count as a failure.
  private LockedWebhooks findForHealthUpdate(List<CompletedAttempt> batch) {
    Set<WebhookId> failed =
        webhooksOf(
            batch,
            attempt ->
                attempt.attempt().outcome().countsAsFailure()
                    || attempt.disposition() instanceof Disposition.Exhausted);
    Set<WebhookId> successful =
        webhooksOf(batch, attempt -> attempt.attempt().outcome().isDelivered());
    return unit.webhooks().findForHealthUpdate(failed, successful);
  }

  private static Set<WebhookId> webhooksOf(
      List<CompletedAttempt> batch, Predicate<CompletedAttempt> condition) {
    return batch.stream()
        .filter(condition)
        .map(attempt -> attempt.leased().webhook().id())
        .collect(Collectors.toSet());
  }

  private List<WebhookChange> updateHealth(
      List<CompletedAttempt> batch, Set<Lease> applied, Map<WebhookId, Webhook> webhooks) {
    if (webhooks.isEmpty()) {
      return List.of(); // the usual case; it does not need the query for the time
    }
    Instant now = unit.now();
    Map<WebhookId, Webhook> updated = new LinkedHashMap<>();
    for (CompletedAttempt attempt : batch) {
      WebhookId id = attempt.leased().webhook().id();
      Webhook webhook = updated.getOrDefault(id, webhooks.get(id));
      if (webhook != null
          && applied.contains(attempt.lease())
          && attempt.leased().webhook().sendsAs(webhook)) {
        Outcome outcome = attempt.attempt().outcome();
        updated.put(
            id, outcome.applyTo(webhook, attempt.leased().isProbe(), now, config.pausePolicy()));
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
      CatchUp.startAfter(unit, changes);
    }
    return changes;
  }

  private void updateFormatErrors(List<CompletedAttempt> batch, Set<Lease> applied) {
    Map<WebhookId, Webhook> changed = new LinkedHashMap<>();
    for (CompletedAttempt attempt : batch) {
      Webhook webhook = attempt.leased().webhook();
      if (!attempt.formatError().equals(webhook.formatError())
          && applied.contains(attempt.lease())) {
        changed.put(webhook.id(), webhook.withFormatError(attempt.formatError()));
      }
    }
    if (!changed.isEmpty()) {
      unit.webhooks().saveFormatErrors(changed.values());
    }
  }
}
