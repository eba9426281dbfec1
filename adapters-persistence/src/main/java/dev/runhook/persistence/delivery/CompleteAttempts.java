package dev.runhook.persistence.delivery;

import dev.runhook.application.spi.delivery.Deliveries.CompletedAttempt;
import dev.runhook.application.spi.delivery.Deliveries.CompletionResult;
import dev.runhook.application.spi.delivery.Deliveries.LaneKey;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.Lease.BatchPosition;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.persistence.batch.DeliveryBatches;
import dev.runhook.persistence.batch.DeliveryBatches.LockedBatches;
import dev.runhook.persistence.batch.QueueRow;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/// Stores the results of attempts. A lease is valid while its delivery is leased and has the number
/// of its attempt. A later result changes nothing.
final class CompleteAttempts {
  /// Finishes open deliveries of locked batches. Each is the only open delivery of its lane, so no
  /// other delivery waits for it. This process knows what the batch contains.
  private static final String COMPLETE_BATCHED =
      """
      insert into runhook.delivery (id, webhook_id, run_id, event_id, kind, state, state_version, previous_version,
        status, attempts, ATTEMPT)
      select c.id, c.webhook_id, c.run_id, c.event_id, 'RUN_STATE_CHANGED', c.state, c.state_version,
        c.previous_version, c.status, 1, ATTEMPT
      from unnest(ARRAYS, :statuses, :webhooks, :runs, :events, :states, :versions, :previousVersions)
        as c (COLUMNS, status, webhook_id, run_id, event_id, state, state_version, previous_version)
      """
          .replace("ARRAYS", AttemptColumns.RESULT_ARRAYS)
          .replace("COLUMNS", AttemptColumns.RESULT_COLUMNS)
          .replace("ATTEMPT", AttemptColumns.NAMES);

  /// Removes finished deliveries from the queue and reschedules the others, if their leases are
  /// valid and their webhooks exist.
  private static final String APPLY =
      """
      with completed as materialized (
        select id, number, status, probe, now() + delay * interval '1 microsecond' as due_at
        from unnest(:ids, :numbers, :statuses, :delays, :probes) as c (id, number, status, delay, probe)
      ), finished as (
        delete from runhook.delivery_queue q using completed c
        where q.id = c.id and q.attempts = c.number and q.leased_until is not null and c.status is not null
          and EXISTS
        returning q.*, c.status
      ), rescheduled as (
        update runhook.delivery_queue q
        set due_at = c.due_at, leased_until = null, failures = q.failures + case when c.probe then 0 else 1 end
        from completed c
        where q.id = c.id and q.attempts = c.number and q.leased_until is not null and c.status is null
          and EXISTS
        returning q.*
      )
      select f.*, (
        select true from runhook.delivery_queue q
        where q.webhook_id = f.webhook_id and q.run_id = f.run_id and q.id <> f.id limit 1) as blocked_others
      from finished f
      union all
      select r.*, null, null from rescheduled r
      """
          .replace(
              "EXISTS",
              "(select w.deleted_at is null from runhook.webhook w where w.id = q.webhook_id)");

  /// The result of the only attempt is part of the delivery.
  private static final String INSERT_FINISHED =
      """
      insert into runhook.delivery (QUEUED_COLUMNS, status, ATTEMPT)
      select f.*, ATTEMPT
      from unnest(QUEUED_ARRAYS, :statuses) as f (QUEUED_COLUMNS, status)
      left join unnest(ARRAYS) as c (COLUMNS) on c.id = f.id
      """
          .replace("QUEUED_COLUMNS", QueueRow.COLUMNS)
          .replace("QUEUED_ARRAYS", QueueRow.ARRAYS)
          .replace("ARRAYS", AttemptColumns.RESULT_ARRAYS)
          .replace("COLUMNS", AttemptColumns.RESULT_COLUMNS)
          .replace("ATTEMPT", AttemptColumns.NAMES);

  private static final String INSERT_ATTEMPTS =
      """
      insert into runhook.attempt (delivery_id, number, retry_delay_reason, ATTEMPT)
      select * from unnest(ARRAYS)
      on conflict do nothing
      """
          .replace("ARRAYS", AttemptColumns.RESULT_ARRAYS)
          .replace("ATTEMPT", AttemptColumns.NAMES);

  private final TransactionScope transaction;
  private final DeliveryBatches batches;
  private LockedBatches locked = LockedBatches.none();

  CompleteAttempts(TransactionScope transaction) {
    this.transaction = transaction;
    this.batches = new DeliveryBatches(transaction);
  }

  /// @param status null if it was rescheduled
  private record Applied(QueueRow row, @Nullable String status, Optional<LaneKey> unblockedLane) {
    static Applied read(ResultSet row) throws SQLException {
      return new Applied(
          QueueRow.read(row),
          row.getString("status"),
          row.getBoolean("blocked_others") ? LaneHeads.readLane(row) : Optional.empty());
    }

    boolean isFinished() {
      return status != null;
    }
  }

  /// Locks the batches of the deliveries and, for finished deliveries in the queue, their runs.
  /// Moves deliveries that are retried from their batches to the queue. Never waits. Returns the
  /// deliveries that another transaction has locked.
  Set<DeliveryId> tryLock(Collection<CompletedAttempt> attempts, LaneHeads laneHeads) {
    locked = batches.tryLock(ReleaseLeases.batchesOf(leases(attempts)));
    Set<DeliveryId> busy = new HashSet<>();
    Set<DeliveryId> retried = new HashSet<>();
    Set<DeliveryId> finishedInQueue = new HashSet<>();
    for (CompletedAttempt attempt : attempts) {
      DeliveryId delivery = attempt.lease().delivery();
      Optional<BatchPosition> batchPosition = attempt.lease().batchPosition();
      boolean isRetried = attempt.disposition() instanceof Disposition.Retry;
      if (batchPosition.filter(it -> locked.busy().contains(it.batch())).isPresent()) {
        busy.add(delivery);
      } else if (batchPosition.filter(locked::isOpen).isEmpty()) {
        if (!isRetried) {
          finishedInQueue.add(delivery);
        }
      } else if (isRetried) {
        retried.add(delivery);
      }
    }
    if (!retried.isEmpty()) {
      batches.move(locked.closed().keySet(), retried.stream().map(DeliveryId::value).toList());
    }
    if (!finishedInQueue.isEmpty()) {
      busy.addAll(laneHeads.tryLock(finishedInQueue));
    }
    return busy;
  }

  CompletionResult complete(Collection<CompletedAttempt> completed) {
    Set<DeliveryId> applied = new HashSet<>(completeBatched(completed));
    List<CompletedAttempt> others =
        completed.stream().filter(one -> !applied.contains(one.lease().delivery())).toList();
    Set<LaneKey> unblockedLanes = new HashSet<>();
    if (!others.isEmpty()) {
      for (Applied one : completeQueued(others)) {
        applied.add(new DeliveryId(one.row().id()));
        one.unblockedLane().ifPresent(unblockedLanes::add);
      }
    }
    return new CompletionResult(applied, unblockedLanes);
  }

  private Collection<Applied> completeQueued(Collection<CompletedAttempt> completed) {
    Map<UUID, Applied> applied =
        AttemptColumns.dispositions(completed)
            .bindTo(transaction.unpreparedQuery(APPLY))
            .map((row, ignored) -> Applied.read(row))
            .collectToMap(one -> one.row().id(), Function.identity());
    List<CompletedAttempt> only = new ArrayList<>();
    List<CompletedAttempt> others = new ArrayList<>();
    for (CompletedAttempt attempt : completed) {
      Applied one = applied.get(attempt.lease().delivery().value());
      if (one != null && one.row().attempts() == attempt.lease().attempt()) {
        (one.isFinished() && one.row().attempts() == 1 ? only : others).add(attempt);
      }
    }
    List<Applied> finished = applied.values().stream().filter(Applied::isFinished).toList();
    if (!finished.isEmpty()) {
      Update insert = AttemptColumns.results(only).bindTo(transaction.update(INSERT_FINISHED));
      UnnestParameters.of(finished).texts("statuses", Applied::status).bindTo(insert);
      QueueRow.parameters(finished.stream().map(Applied::row).toList()).bindTo(insert).execute();
    }
    if (!others.isEmpty()) {
      AttemptColumns.results(others).bindTo(transaction.update(INSERT_ATTEMPTS)).execute();
    }
    return applied.values();
  }

  /// Finishes the deliveries that are still in their batches. Returns their ids.
  private Set<DeliveryId> completeBatched(Collection<CompletedAttempt> completed) {
    List<CompletedAttempt> finished =
        completed.stream()
            .filter(one -> one.lease().batchPosition().filter(locked::isOpen).isPresent())
            .filter(one -> !(one.disposition() instanceof Disposition.Retry))
            .toList();
    if (!finished.isEmpty()) {
      batchedParameters(finished).bindTo(transaction.update(COMPLETE_BATCHED)).execute();
      batches.close(locked, finished.stream().map(CompleteAttempts::position).toList());
    }
    return finished.stream().map(one -> one.lease().delivery()).collect(Collectors.toSet());
  }

  private static UnnestParameters<CompletedAttempt> batchedParameters(
      List<CompletedAttempt> attempts) {
    return AttemptColumns.results(attempts)
        .texts("statuses", one -> AttemptColumns.status(one.disposition()))
        .uuids("webhooks", one -> one.leased().webhook().id().value())
        .uuids("runs", one -> position(one).run())
        .uuids("events", one -> one.leased().content().event().value())
        .texts("states", one -> transition(one).state().name())
        .longs("versions", one -> transition(one).version())
        .longs("previousVersions", one -> transition(one).previousVersion().orElse(null));
  }

  private static BatchPosition position(CompletedAttempt one) {
    return one.lease().batchPosition().orElseThrow();
  }

  private static TransitionRef transition(CompletedAttempt one) {
    return one.leased().content().transition().orElseThrow();
  }

  private static List<Lease> leases(Collection<CompletedAttempt> attempts) {
    return attempts.stream().map(CompletedAttempt::lease).toList();
  }
}
