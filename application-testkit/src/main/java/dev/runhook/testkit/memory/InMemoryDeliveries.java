package dev.runhook.testkit.memory;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;

import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.delivery.Deliveries;
import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.Deliveries.CompletedAttempt;
import dev.runhook.application.spi.delivery.Deliveries.CompletionResult;
import dev.runhook.application.spi.delivery.Deliveries.LaneKey;
import dev.runhook.application.spi.delivery.Deliveries.RedeliveryCandidate;
import dev.runhook.application.spi.delivery.Deliveries.StoredDelivery;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Cancellation;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Interruption;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

final class InMemoryDeliveries implements Deliveries {
  private final InMemoryUnitOfWork unit;
  private final StoredDeliveries stored;

  InMemoryDeliveries(InMemoryUnitOfWork unit) {
    this.unit = unit;
    this.stored = new StoredDeliveries(unit.database(), unit.now());
  }

  @Override
  public List<LeasedDelivery> claimDue(ClaimRequest request) {
    unit.database()
        .openDeliveries()
        .filter(row -> row.state().waitsTooLong(unit.now()) && unit.tryLock(row))
        .toList()
        .forEach(row -> put(row.withState(row.state().dueAt(unit.now()))));
    List<LeasedDelivery> leased = new ArrayList<>();
    InMemoryLanes lanes = new InMemoryLanes(unit.database(), unit.now());
    for (DeliveryRow row : new FairShare(unit, unit.database(), unit.now(), request).rows()) {
      if (isLate(row) && lanes.collapse(row.lane().orElseThrow()).contains(row.id())) {
        lanes.promoteNext(row.lane().orElseThrow());
      } else if (unit.database().erasedPayloads.contains(row.content().event())) {
        discard(row);
      } else {
        leased.add(lease(row, request.leaseDuration()));
      }
    }
    leased.forEach(this::limitRate);
    return leased;
  }

  private void limitRate(LeasedDelivery leased) {
    leased
        .webhook()
        .settings()
        .delivery()
        .interval()
        .ifPresent(interval ->
            unit.database()
                .nextSends
                .put(
                    leased.webhook().id(),
                    unit.database()
                        .nextSends
                        .find(leased.webhook().id())
                        .filter(unit.now()::isBefore)
                        .orElse(unit.now())
                        .plus(interval)));
  }

  /// Returns whether only the newest delivery of the lane is to be sent, because the receiver could
  /// not be reached.
  private boolean isLate(DeliveryRow row) {
    return webhookOf(row).settings().delivery().collapse()
        && row.lane().filter(LaneKey::ofRun).isPresent()
        && (row.state().failures() > 0
            || unit.database().interruptionsOf(row.webhook()).stream()
                .filter(ended -> ended.cause() == Interruption.Cause.PAUSED)
                .anyMatch(ended -> !ended.until().isBefore(row.id().createdAt())));
  }

  private void discard(DeliveryRow row) {
    put(
        row.withState(
            row.state().leased(unit.now(), Duration.ZERO).released(unit.now()).discarded()));
    row.lane().ifPresent(new InMemoryLanes(unit.database(), unit.now())::promoteNext);
  }

  private LeasedDelivery lease(DeliveryRow row, Duration minimum) {
    Webhook webhook = webhookOf(row);
    Duration lease = Lease.durationFor(webhook, minimum);
    DeliveryRow claimed = row.withState(row.state().leased(unit.now(), lease));
    put(claimed);
    return claimed.toLeasedDelivery(webhook);
  }

  @Override
  public CompletionResult complete(Collection<CompletedAttempt> attempts) {
    Set<Lease> applied = new HashSet<>();
    Set<LaneKey> unblocked = new LinkedHashSet<>();
    InMemoryLanes lanes = new InMemoryLanes(unit.database(), unit.now());
    Set<Lease> busy = new HashSet<>();
    for (CompletedAttempt attempt : attempts) {
      find(attempt.lease())
          .filter(row -> unit.tryLock(row) || !busy.add(attempt.lease()))
          .ifPresent(row -> {
            DeliveryRow completed = row.withState(row.state().completed(attempt, unit.now()));
            put(completed);
            applied.add(attempt.lease());
            if (!completed.isOpen()) {
              completed.lane().ifPresent(unblocked::add);
              if (attempt.collapsesLane()) {
                completed.lane().filter(LaneKey::ofRun).ifPresent(lanes::collapse);
              }
            }
          });
    }
    return new CompletionResult(applied, busy, unblocked);
  }

  @Override
  public List<LeasedDelivery> promoteNext(
      Set<LaneKey> lanes, Set<LaneKey> continued, Duration leaseDuration) {
    InMemoryLanes all = new InMemoryLanes(unit.database(), unit.now());
    List<LeasedDelivery> claimed = new ArrayList<>();
    for (LaneKey lane : lanes) {
      Optional<DeliveryRow> unblocked = all.promoteNext(lane);
      if (continued.contains(lane)) {
        unblocked
            .filter(row ->
                findWebhook(row)
                    .map(Webhook::health)
                    .filter(Health.Active.class::isInstance)
                    .isPresent())
            .ifPresent(row -> claimed.add(lease(row, leaseDuration)));
      }
    }
    return claimed;
  }

  @Override
  public void release(Collection<Lease> leases) {
    for (Lease lease : leases) {
      find(lease.delivery()).ifPresent(unit::lock);
      find(lease).ifPresent(row -> put(row.withState(row.state().released(unit.now()))));
    }
  }

  @Override
  public int makeDue(Collection<WebhookId> webhooks, int limit) {
    return webhooks.stream()
        .map(id -> unit.database().webhooks.get(id))
        .filter(webhook -> webhook != null && webhook.health() instanceof Health.Active)
        .mapToInt(webhook -> makeDue(webhook.id(), limit))
        .sum();
  }

  private int makeDue(WebhookId webhook, int limit) {
    List<DeliveryRow> waiting =
        unit.database()
            .openDeliveries()
            .filter(row -> row.webhook().equals(webhook))
            .filter(row -> row.state().waitsForRetry(unit.now()) && unit.tryLock(row))
            .sorted(comparing(row -> row.state().due().orElseThrow()))
            .limit(limit)
            .toList();
    waiting.forEach(row -> put(row.withState(row.state().promoted(unit.now()))));
    return waiting.size();
  }

  @Override
  public void makeDue(DeliveryId delivery) {
    find(delivery).ifPresent(unit::lock);
    find(delivery)
        .filter(row -> row.isOpen() && row.state().waitsForRetry(unit.now()))
        .ifPresent(row -> put(row.withState(row.state().promoted(unit.now()))));
  }

  @Override
  public void probeWith(DeliveryId delivery) {
    find(delivery).ifPresent(unit::lock);
    DeliveryRow probe = find(delivery).orElseThrow();
    unit.requireLocked(probe.webhook());
    if (webhookOf(probe).health() instanceof Health.Paused) {
      unit.database().webhooks.update(probe.webhook(), paused -> paused.withProbeAt(unit.now()));
      put(probe.withState(probe.state().promoted(Instant.EPOCH)));
    }
  }

  @Override
  public List<DeliveryId> findWaiting(DeliveryFilter filter, int limit) {
    return unit.database()
        .openDeliveries()
        .filter(row -> !row.state().isLeased(unit.now()))
        .filter(row -> StoredDeliveries.isIn(filter.scope(), stored.toDelivery(row)))
        .filter(row ->
            filter.state().isEmpty()
                || filter.state().equals(row.content().transition().map(TransitionRef::state)))
        .filter(row -> filter.from().filter(row.id().createdAt()::isBefore).isEmpty())
        .filter(row -> filter.to().filter(to -> !row.id().createdAt().isBefore(to)).isEmpty())
        .sorted(
            comparing((DeliveryRow row) -> row.state().due().isPresent())
                .thenComparing(comparing((DeliveryRow row) -> row.id().value()).reversed()))
        .map(DeliveryRow::id)
        .limit(limit)
        .toList();
  }

  @Override
  public Set<DeliveryId> cancel(Collection<DeliveryId> deliveries, String by, String reason) {
    deliveries.stream()
        .flatMap(id -> find(id).flatMap(DeliveryRow::run).stream())
        .distinct()
        .sorted(comparing(RunId::toString))
        .forEach(run -> unit.lockWithLanes(run, true));
    deliveries.stream().flatMap(id -> find(id).stream()).toList().forEach(unit::lock);
    List<DeliveryRow> canceled =
        deliveries.stream()
            .flatMap(id -> find(id).stream())
            .filter(row -> row.isOpen() && !row.state().isLeased(unit.now()))
            .toList();
    canceled.forEach(row -> {
      put(row.withState(row.state().canceled()));
      unit.database()
          .cancellations
          .put(row.id(), new Cancellation(unit.now(), Optional.of(by), reason));
    });
    InMemoryLanes lanes = new InMemoryLanes(unit.database(), unit.now());
    canceled.forEach(row -> row.lane().ifPresent(lanes::promoteNext));
    return canceled.stream().map(DeliveryRow::id).collect(Collectors.toSet());
  }

  @Override
  public int endOfDeletedWebhooks(int limit) {
    List<DeliveryRow> left =
        unit.database()
            .openDeliveries()
            .filter(row -> !unit.database().webhooks.contains(row.webhook()))
            .filter(unit::tryLock)
            .limit(limit)
            .toList();
    left.forEach(row -> put(row.withState(row.state().discarded())));
    return left.size();
  }

  @Override
  public Optional<Duration> timeUntilNextDue() {
    return unit.database().webhooks.values().stream()
        .flatMap(this::dueOf)
        .filter(unit.now()::isBefore)
        .min(naturalOrder())
        .map(due -> Duration.between(unit.now(), due));
  }

  /// When deliveries of the webhook can be claimed.
  private Stream<Instant> dueOf(Webhook webhook) {
    List<DeliveryState> open =
        unit.database()
            .openDeliveries()
            .filter(row -> row.webhook().equals(webhook.id()))
            .map(DeliveryRow::state)
            .toList();
    Stream<Instant> due =
        open.stream()
            .filter(state -> !state.isLeased(unit.now()))
            .flatMap(state -> state.due().stream());
    return switch (webhook.health()) {
      case Health.Active ignored -> {
        Optional<Instant> next = unit.database().nextSendOf(webhook);
        yield due.map(at -> next.filter(at::isBefore).orElse(at));
      }
      case Health.Paused paused ->
          open.stream().anyMatch(state -> state.isLeased(unit.now()))
              ? Stream.empty()
              : due.map(ignored -> paused.nextProbeAt());
      case Health.Disabled ignored -> Stream.empty();
    };
  }

  @Override
  public Optional<StoredDelivery> find(AccountId account, DeliveryId id, PageRequest attempts) {
    return find(id)
        .filter(row -> row.stack().account().equals(account))
        .map(row -> stored.withAttempts(row, row.attempts(attempts)));
  }

  @Override
  public Page<Delivery> list(DeliveryFilter filter, PageRequest page) {
    if (!filter.equals(scopeAndStatus(filter))) {
      throw MissingStores.missing("filter of deliveries except by scope and status");
    }
    List<Delivery> found =
        unit.database().deliveries.values().stream()
            .map(stored::toDelivery)
            .filter(delivery -> filter.statuses().contains(delivery.status()))
            .filter(delivery -> StoredDeliveries.isIn(filter.scope(), delivery))
            .sorted(comparing((Delivery delivery) -> delivery.id().value()).reversed())
            .toList();
    return KeysetPages.descending(found, page, delivery -> delivery.id().value(), UUID::fromString);
  }

  private static DeliveryFilter scopeAndStatus(DeliveryFilter filter) {
    DeliveryFilter scope = DeliveryFilter.of(filter.scope());
    return filter.status().map(scope::withStatus).orElse(scope);
  }

  @Override
  public List<RedeliveryCandidate> findLatestFinished(DeliveryFilter filter, int limit) {
    throw MissingStores.missing("replays");
  }

  @Override
  public List<RedeliveryCandidate> findSkipped(
      DeliveryFilter filter, Set<RunState> states, int limit) {
    throw MissingStores.missing("replays");
  }

  @Override
  public Optional<DeliveryId> findLastSuccess(WebhookId webhook) {
    throw MissingStores.missing("replays");
  }

  @Override
  public Set<EventId> findRedelivered(
      WebhookId webhook, Collection<RedeliveryCandidate> candidates) {
    throw MissingStores.missing("replays");
  }

  @Override
  public List<DeliveryContent> findContents(Collection<RedeliveryCandidate> candidates) {
    return candidates.stream()
        .filter(candidate -> unit.database().events.contains(candidate.event()))
        .filter(candidate -> !unit.database().erasedPayloads.contains(candidate.event()))
        .map(candidate ->
            candidate.delivery().orElseThrow(() -> MissingStores.missing("late deliveries")))
        .flatMap(id -> find(id).map(row -> repeated(id, row.content())).stream())
        .toList();
  }

  private static DeliveryContent repeated(DeliveryId id, DeliveryContent content) {
    return content.forDelivery(
        content.transition().flatMap(Delivery.TransitionRef::previousVersion), Optional.of(id));
  }

  private Optional<DeliveryRow> find(DeliveryId id) {
    return unit.database().deliveries.find(id);
  }

  private Optional<DeliveryRow> find(Lease lease) {
    return find(lease.delivery()).filter(row -> row.isOpen() && row.state().isLeasedAs(lease));
  }

  private Webhook webhookOf(DeliveryRow row) {
    return findWebhook(row).orElseThrow();
  }

  private Optional<Webhook> findWebhook(DeliveryRow row) {
    return unit.database().webhooks.find(row.webhook());
  }

  private void put(DeliveryRow row) {
    unit.database().put(row);
  }
}
