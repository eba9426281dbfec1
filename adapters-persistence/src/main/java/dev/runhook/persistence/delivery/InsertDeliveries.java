package dev.runhook.persistence.delivery;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.runhook.application.spi.delivery.Deliveries.LaneKey;
import dev.runhook.application.spi.delivery.Lease.BatchPosition;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.RunId;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Inserts open deliveries: into batches if this process sends them at once, else into the queue.
final class InsertDeliveries {
  /// A batch may be larger, because it contains all deliveries of its runs.
  private static final int BATCH_SIZE = 256;

  private static final String LANES_WITH_HEAD =
      """
      select l.webhook_id, l.run_id from unnest(:webhooks, :runs) as l (webhook_id, run_id)
      where (
        select true from runhook.delivery_queue q
        where q.webhook_id = l.webhook_id and q.run_id = l.run_id and q.due_at is not null
        limit 1)
      """;

  private static final String INSERT_BATCH =
      """
      insert into runhook.delivery_batch (id, leased_until, delivery_ids, webhook_ids, run_ids, event_ids, states,
        state_versions, previous_versions)
      values (:batch, now() + :lease * interval '1 microsecond', :ids, :webhooks, :runs, :events, :states, :versions,
        :previousVersions)
      """;

  private static final String INSERT_QUEUED =
      """
      insert into runhook.delivery_queue (id, webhook_id, run_id, event_id, kind, state, state_version,
        previous_version, redelivery_of, bytes, due_at, leased_until, attempts, failures)
      select n.id, n.webhook_id, n.run_id, n.event_id, n.kind, n.state, n.state_version, n.previous_version,
        n.redelivery_of, n.bytes,
        case when n.head then now() end,
        case when n.leased then now() + :lease * interval '1 microsecond' end,
        case when n.leased then 1 else 0 end,
        0
      from unnest(:ids, :webhooks, :runs, :events, :kinds, :states, :versions, :previousVersions, :redeliveries,
          :bytes, :heads, :leased)
        as n (id, webhook_id, run_id, event_id, kind, state, state_version, previous_version, redelivery_of, bytes, head,
          leased)
      """;

  private static final Comparator<NewDelivery> LANE_ORDER =
      Comparator.comparingLong(
              (NewDelivery delivery) -> delivery.content().transition().orElseThrow().version())
          .thenComparing(delivery -> delivery.id().toString());

  private final TransactionScope transaction;

  InsertDeliveries(TransactionScope transaction) {
    this.transaction = transaction;
  }

  /// @param head whether it is the first open delivery of its lane
  /// @param alone whether no other delivery of its lane is added
  private record Placed(
      NewDelivery delivery,
      @Nullable UUID run,
      Optional<Long> previousVersion,
      boolean head,
      boolean alone) {
    boolean isLeased() {
      return head && delivery.leaseIfHead();
    }

    /// A head that is alone in its lane goes into a batch, if the caller leases it and saves its
    /// run.
    boolean isBatched() {
      return isLeased() && alone && run != null && delivery.content().redeliveryOf().isEmpty();
    }

    LeasedDelivery toLeased(Optional<BatchPosition> batchPosition) {
      return delivery.toLeasedDelivery(previousVersion, batchPosition);
    }
  }

  /// Returns the deliveries that were leased, in the given order.
  List<LeasedDelivery> insert(Collection<NewDelivery> deliveries, Duration lease) {
    Map<DeliveryId, LeasedDelivery> leased = new HashMap<>();
    List<Placed> queued = new ArrayList<>();
    Map<UUID, List<Placed>> batchedByRun = new LinkedHashMap<>();
    for (Placed placed : place(deliveries)) {
      if (placed.run() != null && placed.isBatched()) {
        batchedByRun.computeIfAbsent(placed.run(), ignored -> new ArrayList<>()).add(placed);
      } else {
        queued.add(placed);
      }
    }
    insertQueued(queued, lease);
    queued.stream()
        .filter(Placed::isLeased)
        .forEach(placed -> leased.put(placed.delivery().id(), placed.toLeased(Optional.empty())));
    List<Placed> batch = new ArrayList<>();
    for (List<Placed> ofRun : batchedByRun.values()) {
      batch.addAll(ofRun);
      if (batch.size() >= BATCH_SIZE) {
        insertBatch(batch, lease, leased);
        batch.clear();
      }
    }
    if (!batch.isEmpty()) {
      insertBatch(batch, lease, leased);
    }
    return deliveries.stream()
        .flatMap(delivery -> Stream.ofNullable(leased.get(delivery.id())))
        .toList();
  }

  /// The runs are locked and have no deliveries in batches, so no other transaction decides the
  /// same at the same time.
  private List<Placed> place(Collection<NewDelivery> deliveries) {
    List<Placed> placed = new ArrayList<>();
    Map<LaneKey, List<NewDelivery>> lanes = new LinkedHashMap<>();
    for (NewDelivery delivery : deliveries) {
      Optional<RunId> run = run(delivery);
      if (run.isEmpty()) {
        placed.add(new Placed(delivery, null, Optional.empty(), true, true));
      } else {
        LaneKey lane = new LaneKey(delivery.webhook().id(), transaction.rowIds().ofRun(run.get()));
        lanes.computeIfAbsent(lane, ignored -> new ArrayList<>()).add(delivery);
      }
    }
    Set<LaneKey> withHead = lanes.isEmpty() ? Set.of() : findLanesWithHead(lanes.keySet());
    lanes.forEach((lane, ofLane) -> placed.addAll(place(lane, ofLane, withHead.contains(lane))));
    return placed;
  }

  /// A delivery that is not a redelivery has the version before it in its lane, if it is added with
  /// it, or else the last version that its webhook was notified of. A late delivery can have a
  /// lower version.
  private List<Placed> place(LaneKey lane, List<NewDelivery> deliveries, boolean hasHead) {
    List<Placed> placed = new ArrayList<>();
    Optional<Long> before =
        transaction.rowIds().findLastNotifiedVersion(lane.run(), lane.webhook().value());
    for (NewDelivery delivery : deliveries.stream().sorted(LANE_ORDER).toList()) {
      TransitionRef ref = delivery.content().transition().orElseThrow();
      placed.add(
          new Placed(
              delivery,
              lane.run(),
              delivery.content().redeliveryOf().isEmpty()
                  ? before.filter(version -> version < ref.version())
                  : ref.previousVersion(),
              !hasHead && placed.isEmpty(),
              deliveries.size() == 1));
      before = Optional.of(ref.version());
    }
    return placed;
  }

  private Set<LaneKey> findLanesWithHead(Collection<LaneKey> lanes) {
    return UnnestParameters.of(lanes)
        .uuids("webhooks", lane -> lane.webhook().value())
        .uuids("runs", LaneKey::run)
        .bindTo(transaction.unpreparedQuery(LANES_WITH_HEAD))
        .map((row, ignored) -> LaneHeads.readLane(row).orElseThrow())
        .set();
  }

  private void insertBatch(
      List<Placed> deliveries, Duration lease, Map<DeliveryId, LeasedDelivery> leased) {
    UUID batch = UuidCreator.getTimeOrderedEpoch();
    parameters(deliveries)
        .bindTo(transaction.update(INSERT_BATCH))
        .bind("batch", batch)
        .bind("lease", SqlValues.micros(lease))
        .execute();
    int position = 0;
    for (Placed placed : deliveries) {
      position++;
      UUID run = Objects.requireNonNull(placed.run());
      leased.put(
          placed.delivery().id(),
          placed.toLeased(Optional.of(new BatchPosition(batch, run, position))));
      transaction.rowIds().putBatch(run, batch);
    }
  }

  private void insertQueued(List<Placed> deliveries, Duration lease) {
    if (deliveries.isEmpty()) {
      return;
    }
    parameters(deliveries)
        .texts("kinds", placed -> placed.delivery().content().kind().name())
        .uuids(
            "redeliveries",
            placed ->
                placed.delivery().content().redeliveryOf().map(DeliveryId::value).orElse(null))
        .longs("bytes", placed -> placed.delivery().bytes())
        .booleans("heads", Placed::head)
        .booleans("leased", Placed::isLeased)
        .bindTo(transaction.update(INSERT_QUEUED))
        .bind("lease", SqlValues.micros(lease))
        .execute();
  }

  private static UnnestParameters<Placed> parameters(List<Placed> deliveries) {
    return UnnestParameters.of(deliveries)
        .uuids("ids", placed -> placed.delivery().id().value())
        .uuids("webhooks", placed -> placed.delivery().webhook().id().value())
        .uuids("runs", Placed::run)
        .uuids("events", placed -> placed.delivery().content().event().value())
        .texts("states", placed -> transition(placed.delivery(), ref -> ref.state().name()))
        .longs("versions", placed -> transition(placed.delivery(), TransitionRef::version))
        .longs("previousVersions", placed -> placed.previousVersion().orElse(null));
  }

  private static Optional<RunId> run(NewDelivery delivery) {
    return delivery
        .content()
        .transition()
        .map(ref -> new RunId(delivery.webhook().stack(), ref.run()));
  }

  /// A value of the transition; null for a ping.
  private static <V> @Nullable V transition(
      NewDelivery delivery, Function<TransitionRef, @Nullable V> value) {
    return delivery.content().transition().map(value).orElse(null);
  }
}
