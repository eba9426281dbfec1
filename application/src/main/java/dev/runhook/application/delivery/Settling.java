package dev.runhook.application.delivery;

import dev.runhook.application.spi.Parcel;
import dev.runhook.application.spi.Settled;
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
final class Settling {
  private final UnitOfWork unit;
  private final PausePolicy pausing;

  Settling(UnitOfWork unit, PausePolicy pausing) {
    this.unit = unit;
    this.pausing = pausing;
  }

  /// What a batch changed.
  ///
  /// @param applied which deliveries were still ours to settle
  /// @param changes webhooks whose health is another now
  /// @param next what was freed and leased to us
  /// @param deferred what has to be settled another time, for somebody else holds its run
  record Result(
      Set<DeliveryId> applied, List<HealthChange> changes, List<Parcel> next, List<Sent> deferred) {
    static Result deferring(List<Sent> batch) {
      return new Result(Set.of(), List.of(), List.of(), batch);
    }

    Result and(Result other) {
      return new Result(
          union(applied, other.applied),
          concatenated(changes, other.changes),
          concatenated(next, other.next),
          concatenated(deferred, other.deferred));
    }

    private static <T> Set<T> union(Set<T> one, Set<T> other) {
      return Stream.concat(one.stream(), other.stream()).collect(Collectors.toUnmodifiableSet());
    }

    private static <T> List<T> concatenated(List<T> one, List<T> other) {
      return Stream.concat(one.stream(), other.stream()).toList();
    }
  }

  record HealthChange(Webhook before, Webhook after) {}

  /// @param lease to take what is freed at once; absent to leave it to others
  Result settle(List<Sent> batch, Optional<Duration> lease) {
    Set<DeliveryId> blocked = lockLanes(batch);
    List<Sent> ready = batch.stream().filter(sent -> !blocked.contains(sent.delivery())).toList();
    List<Sent> deferred = batch.stream().filter(sent -> blocked.contains(sent.delivery())).toList();
    Map<WebhookId, Webhook> webhooks = lockToJudge(ready);
    Settled settled = unit.deliveries().settle(ready.stream().map(Sent::settlement).toList());
    List<HealthChange> changes = judge(ready, settled.applied(), webhooks);
    List<Parcel> next =
        settled.freed().isEmpty() ? List.of() : unit.deliveries().freeNext(settled.freed(), lease);
    return new Result(settled.applied(), changes, next, deferred);
  }

  private Set<DeliveryId> lockLanes(List<Sent> batch) {
    List<DeliveryId> finished =
        batch.stream().filter(Sent::isFinished).map(Sent::delivery).toList();
    return finished.isEmpty() ? Set.of() : unit.deliveries().lockLanes(finished);
  }

  private Map<WebhookId, Webhook> lockToJudge(List<Sent> batch) {
    Set<WebhookId> failed = webhooksOf(batch, Sent::speaksAgainst);
    Set<WebhookId> successful = webhooksOf(batch, sent -> sent.attempt().outcome().isDelivered());
    return unit.webhooks().lockToJudge(failed, successful).stream()
        .collect(Collectors.toMap(Webhook::id, Function.identity()));
  }

  private static Set<WebhookId> webhooksOf(List<Sent> batch, Predicate<Sent> which) {
    return batch.stream().filter(which).map(Sent::webhook).collect(Collectors.toSet());
  }

  private List<HealthChange> judge(
      List<Sent> batch, Set<DeliveryId> applied, Map<WebhookId, Webhook> before) {
    if (before.isEmpty()) {
      return List.of(); // as nearly always: then there is no need to ask what time it is
    }
    Instant now = unit.now();
    Map<WebhookId, Webhook> after = new LinkedHashMap<>();
    for (Sent sent : batch) {
      Webhook webhook = after.getOrDefault(sent.webhook(), before.get(sent.webhook()));
      if (webhook != null && applied.contains(sent.delivery())) {
        after.put(sent.webhook(), sent.judge(webhook, now, pausing));
      }
    }
    List<HealthChange> changes = new ArrayList<>();
    before.forEach((id, webhook) -> {
      Webhook next = after.getOrDefault(id, webhook);
      if (!next.health().equals(webhook.health())) {
        changes.add(new HealthChange(webhook, next));
      }
    });
    if (!changes.isEmpty()) {
      unit.webhooks().saveHealth(changes.stream().map(HealthChange::after).toList());
    }
    return changes;
  }
}
