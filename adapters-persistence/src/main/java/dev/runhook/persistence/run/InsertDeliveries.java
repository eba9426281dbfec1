package dev.runhook.persistence.run;

import static dev.runhook.persistence.jdbi.SqlValues.define;
import static java.util.Objects.requireNonNull;

import dev.runhook.application.spi.delivery.Deliveries.LaneKey;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.RunId;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import dev.runhook.persistence.queue.OperationalLanes;
import dev.runhook.persistence.queue.OperationalLanes.LaneEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Inserts open deliveries, and leases those heads of lanes that this process sends at once.
final class InsertDeliveries {
  private static final String INSERT =
      """
      insert into runhook.delivery_queue (id, webhook_id, run_id, event_id, kind, state, state_version,
        previous_version, redelivery_of, bytes, due_at, leased_until, attempts, failures)
      select n.id, n.webhook_id, n.subject_id, n.event_id, n.kind, n.state, n.state_version, n.before,
        n.redelivery_of, n.bytes,
        case when n.head then now() end,
        now() + n.lease * interval '1 microsecond',
        case when n.lease is null then 0 else 1 end,
        0
      from unnest(:ids, :webhooks, :subjects, :events, :kinds, :states, :versions, :before, :redeliveries, :bytes,
          :heads, :leases)
        as n (id, webhook_id, subject_id, event_id, kind, state, state_version, before, redelivery_of, bytes, head,
          lease)
      """;

  /// The orders of the lanes take the place of the previous versions.
  private static final String INSERT_WITHOUT_RUN =
      INSERT
          .transform(define("run_id", "subject_id"))
          .transform(define("previous_version", "lane_order"));

  private static final Comparator<NewDelivery> LANE_ORDER =
      Comparator.comparingLong(
              (NewDelivery delivery) -> delivery.content().transition().orElseThrow().version())
          .thenComparing(delivery -> delivery.id().toString());

  private final TransactionScope transaction;
  private final RunLocks locks;

  InsertDeliveries(TransactionScope transaction, RunLocks locks) {
    this.transaction = transaction;
    this.locks = locks;
  }

  /// @param subject of the lane, or the id of the delivery if it has none
  /// @param order in a lane of operational events
  /// @param head whether it is the first open delivery of its lane
  private record Placed(
      NewDelivery delivery,
      UUID subject,
      Optional<Long> previousVersion,
      @Nullable UUID order,
      boolean head) {
    boolean isLeased() {
      return head && delivery.leaseIfHead();
    }
  }

  /// Returns the deliveries that were leased, in the given order.
  ///
  /// @param minimumLease see [Lease#durationFor]
  List<LeasedDelivery> insert(Collection<NewDelivery> deliveries, Duration minimumLease) {
    List<Placed> placed = place(deliveries);
    placed.stream()
        .collect(Collectors.partitioningBy(one -> one.delivery().run().isPresent()))
        .forEach((ofRun, some) -> insert(some, ofRun, minimumLease));
    Map<DeliveryId, LeasedDelivery> leased = new HashMap<>();
    placed.stream()
        .filter(Placed::isLeased)
        .map(one -> one.delivery().toLeasedDelivery(one.previousVersion()))
        .forEach(one -> leased.put(one.lease().delivery(), one));
    return deliveries.stream()
        .flatMap(delivery -> Stream.ofNullable(leased.get(delivery.id())))
        .toList();
  }

  private List<Placed> place(Collection<NewDelivery> deliveries) {
    List<Placed> placed = new ArrayList<>();
    Map<LaneKey, List<NewDelivery>> ofRuns = new LinkedHashMap<>();
    List<NewDelivery> operational = new ArrayList<>();
    for (NewDelivery delivery : deliveries) {
      Optional<RunId> run = delivery.run();
      if (run.isPresent()) {
        LaneKey lane =
            new LaneKey(delivery.webhook().id(), transaction.rowIds().ofRun(run.get()), true);
        ofRuns.computeIfAbsent(lane, ignored -> new ArrayList<>()).add(delivery);
      } else if (delivery.content().kind().isOperational()) {
        operational.add(delivery);
      } else {
        placed.add(new Placed(delivery, delivery.id().value(), Optional.empty(), null, true));
      }
    }
    ofRuns.forEach((lane, ofLane) -> placed.addAll(place(lane, ofLane)));
    if (!operational.isEmpty()) {
      placed.addAll(placeOperational(operational));
    }
    return placed;
  }

  /// A delivery that is not a redelivery has the version before it in its lane, if it is added with
  /// it, or else the last version that its webhook was notified of. A late delivery can have a
  /// lower version.
  private List<Placed> place(LaneKey lane, List<NewDelivery> deliveries) {
    boolean hasHead = locks.lanes().hasHead(lane);
    List<Placed> placed = new ArrayList<>();
    Optional<Long> before = locks.findLastNotifiedVersion(lane);
    for (NewDelivery delivery : deliveries.stream().sorted(LANE_ORDER).toList()) {
      TransitionRef ref = delivery.content().transition().orElseThrow();
      placed.add(
          new Placed(
              delivery,
              lane.subject(),
              delivery.content().redeliveryOf().isEmpty()
                  ? before.filter(version -> version < ref.version())
                  : ref.previousVersion(),
              null,
              !hasHead && placed.isEmpty()));
      before = Optional.of(ref.version());
    }
    locks.lanes().putHead(lane);
    return placed;
  }

  /// Adds to the ends of the lanes, in the given order. A delivery of an event that retention has
  /// just removed has a lane of its own; the claim that leases it ends it.
  private List<Placed> placeOperational(List<NewDelivery> deliveries) {
    OperationalLanes lanes = new OperationalLanes(transaction);
    Map<UUID, UUID> affected =
        lanes.lockAffected(
            deliveries.stream().map(delivery -> delivery.content().event().value()).toList());
    Map<LaneKey, List<NewDelivery>> byLane =
        deliveries.stream()
            .collect(
                Collectors.groupingBy(
                    delivery ->
                        new LaneKey(
                            delivery.webhook().id(),
                            affected.getOrDefault(
                                delivery.content().event().value(), delivery.id().value()),
                            false),
                    LinkedHashMap::new,
                    Collectors.toList()));
    List<Placed> placed = new ArrayList<>();
    for (LaneEnd end : lanes.keepHeads(byLane.keySet())) {
      List<NewDelivery> ofLane = requireNonNull(byLane.get(end.lane()));
      for (int i = 0; i < ofLane.size(); i++) {
        placed.add(
            new Placed(
                ofLane.get(i),
                end.lane().subject(),
                Optional.empty(),
                end.orderOfNext(i),
                i == 0 && end.head().isEmpty()));
      }
    }
    return placed;
  }

  private void insert(List<Placed> deliveries, boolean ofRun, Duration minimumLease) {
    if (deliveries.isEmpty()) {
      return;
    }
    UnnestParameters<Placed> parameters =
        UnnestParameters.of(deliveries)
            .uuids("ids", placed -> placed.delivery().id().value())
            .uuids("webhooks", placed -> placed.delivery().webhook().id().value())
            .uuids("subjects", Placed::subject)
            .uuids("events", placed -> placed.delivery().content().event().value())
            .texts("kinds", placed -> placed.delivery().content().kind().name())
            .texts("states", placed -> transition(placed.delivery(), ref -> ref.state().name()))
            .longs("versions", placed -> transition(placed.delivery(), TransitionRef::version))
            .uuids(
                "redeliveries",
                placed ->
                    placed.delivery().content().redeliveryOf().map(DeliveryId::value).orElse(null))
            .longs("bytes", placed -> placed.delivery().bytes())
            .booleans("heads", Placed::head)
            .longs("leases", placed -> lease(placed, minimumLease));
    (ofRun
            ? parameters.longs("before", placed -> placed.previousVersion().orElse(null))
            : parameters.uuids("before", Placed::order))
        .bindTo(transaction.update(ofRun ? INSERT : INSERT_WITHOUT_RUN))
        .execute();
  }

  /// In microseconds; null if it is not leased.
  private static @Nullable Long lease(Placed placed, Duration minimum) {
    return placed.isLeased()
        ? SqlValues.micros(Lease.durationFor(placed.delivery().webhook(), minimum))
        : null;
  }

  /// A value of the transition; null for a ping.
  private static <V> @Nullable V transition(
      NewDelivery delivery, Function<TransitionRef, @Nullable V> value) {
    return delivery.content().transition().map(value).orElse(null);
  }
}
