package dev.runhook.testkit;

import static java.util.Comparator.comparing;

import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.Claim;
import dev.runhook.application.spi.Deliveries;
import dev.runhook.application.spi.DeliveryDetail;
import dev.runhook.application.spi.LaneKey;
import dev.runhook.application.spi.Lease;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.Parcel;
import dev.runhook.application.spi.Settled;
import dev.runhook.application.spi.Settlement;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Body;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Revision;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.Tables.ToldKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

final class InMemoryDeliveries implements Deliveries {
  private final InMemoryUnitOfWork unit;

  InMemoryDeliveries(InMemoryUnitOfWork unit) {
    this.unit = unit;
  }

  @Override
  public List<Parcel> add(Collection<NewDelivery> deliveries, Duration lease) {
    Lanes lanes = new Lanes(unit.tables(), unit.now());
    Map<ToldKey, Long> beside = new HashMap<>();
    deliveries.stream()
        .sorted(comparing(added -> added.letter().move().map(Delivery.Move::version).orElse(0L)))
        .forEach(added -> insert(added, beside));
    deliveries.forEach(added -> lanes.free(row(added.id())));
    List<Parcel> leased = new ArrayList<>();
    for (NewDelivery added : deliveries) {
      DeliveryRow row = row(added.id());
      if (added.leased() && row.standing().isDue(unit.now())) {
        DeliveryRow ours = row.with(row.standing().leased(unit.now(), lease));
        put(ours);
        leased.add(ours.parcel(added.webhook()));
      }
    }
    return leased;
  }

  /// @param beside what is told by the deliveries of the same call
  private void insert(NewDelivery added, Map<ToldKey, Long> beside) {
    Optional<ToldKey> told = ToldKey.of(added);
    DeliveryRow row =
        DeliveryRow.of(
            added,
            told.flatMap(key ->
                Optional.ofNullable(beside.get(key))
                    .or(() -> Optional.ofNullable(unit.tables().told.get(key)))));
    told.ifPresent(key -> beside.put(key, row.version()));
    row.run().ifPresent(unit::checkLocked);
    if (!unit.tables().events.containsKey(added.letter().event())) {
      throw new IllegalStateException("there is no event " + added.letter().event());
    }
    if (unit.tables().deliveries.putIfAbsent(row.id(), row) != null) {
      throw new IllegalStateException("the delivery " + row.id() + " is there already");
    }
  }

  @Override
  public List<Parcel> claimDue(Claim claim) {
    return new Share(unit.tables(), unit.now(), claim)
        .rows().stream().map(row -> take(row, claim.lease())).toList();
  }

  private Parcel take(DeliveryRow row, Duration lease) {
    DeliveryRow taken = row.with(row.standing().leased(unit.now(), lease));
    put(taken);
    return taken.parcel(webhookOf(taken));
  }

  @Override
  public Set<DeliveryId> lockLanes(Collection<DeliveryId> deliveries) {
    for (DeliveryId id : deliveries) {
      find(id).flatMap(DeliveryRow::run).ifPresent(unit::lock);
    }
    return Set.of(); // one unit at a time: nobody else holds anything
  }

  @Override
  public Settled settle(Collection<Settlement> settlements) {
    Set<DeliveryId> applied = new HashSet<>();
    Set<LaneKey> freed = new HashSet<>();
    for (Settlement settlement : settlements) {
      find(settlement.lease())
          .ifPresent(row -> {
            DeliveryRow settled =
                row.with(
                    row.standing().settled(settlement.attempt(), settlement.fate(), unit.now()));
            put(settled);
            applied.add(row.id());
            if (!settled.isOpen()) {
              settled.run().ifPresent(unit::checkLocked);
              settled.lane().ifPresent(freed::add);
            }
          });
    }
    return new Settled(applied, freed);
  }

  @Override
  public List<Parcel> freeNext(Set<LaneKey> lanes, Optional<Duration> lease) {
    Lanes all = new Lanes(unit.tables(), unit.now());
    List<Parcel> taken = new ArrayList<>();
    for (LaneKey lane : lanes) {
      Optional<DeliveryRow> freed = all.free(lane);
      if (lease.isPresent()) {
        freed
            .filter(row -> webhookOf(row).health() instanceof Health.Active)
            .ifPresent(row -> taken.add(take(row, lease.get())));
      }
    }
    return taken;
  }

  @Override
  public void release(Collection<Lease> leases) {
    for (Lease lease : leases) {
      find(lease).ifPresent(row -> put(row.with(row.standing().released(unit.now()))));
    }
  }

  @Override
  public Optional<Duration> untilNextDue() {
    return new Wait(unit.tables(), unit.now()).untilNextDue();
  }

  @Override
  public Optional<DeliveryDetail> find(AccountId account, DeliveryId id) {
    return find(id)
        .filter(row -> row.stack().account().equals(account))
        .filter(row -> unit.tables().webhooks.containsKey(row.webhook()))
        .map(row ->
            new DeliveryDetail(
                row.delivery(),
                webhookOf(row),
                body(row),
                row.standing().ended(),
                revisions(row),
                new Lanes(unit.tables(), unit.now()).headBefore(row).map(DeliveryRow::delivery),
                row.letter().trace()));
  }

  private List<Revision> revisions(DeliveryRow row) {
    return row.standing().ended().stream()
        .flatMap(attempt -> attempt.imprint().stream())
        .map(imprint -> new Tables.RevisionKey(row.webhook(), imprint.revision()))
        .distinct()
        .flatMap(key -> Stream.ofNullable(unit.tables().revisions.get(key)))
        .toList();
  }

  private Body body(DeliveryRow row) {
    String erased = unit.tables().erased.get(row.letter().event());
    return erased == null ? new Body.Kept(row.letter().payload()) : new Body.Forgotten(erased);
  }

  @Override
  public Page<Delivery> list(DeliveryFilter filter, PageRequest page) {
    List<Delivery> found =
        unit.tables().deliveries.values().stream()
            .map(DeliveryRow::delivery)
            .filter(delivery -> unit.tables().webhooks.containsKey(delivery.webhook()))
            .filter(delivery -> Filtering.passes(filter, delivery))
            .sorted(comparing((Delivery delivery) -> delivery.id().value()).reversed())
            .toList();
    return Pages.descending(found, page, delivery -> delivery.id().value(), UUID::fromString);
  }

  private Optional<DeliveryRow> find(DeliveryId id) {
    return Optional.ofNullable(unit.tables().deliveries.get(id));
  }

  private Optional<DeliveryRow> find(Lease lease) {
    return find(lease.delivery()).filter(row -> row.isOpen() && row.standing().isUnder(lease));
  }

  private DeliveryRow row(DeliveryId id) {
    return find(id).orElseThrow();
  }

  private Webhook webhookOf(DeliveryRow row) {
    return Optional.ofNullable(unit.tables().webhooks.get(row.webhook())).orElseThrow();
  }

  private void put(DeliveryRow row) {
    unit.tables().deliveries.put(row.id(), row);
  }
}
