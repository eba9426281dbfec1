package dev.runhook.persistence.batch;

import dev.runhook.application.spi.delivery.Lease.BatchPosition;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Query;

/// Locks batches, and moves deliveries from them to the queue. A moved delivery keeps its attempt
/// number and its lease, so the process that sends it completes it there.
///
/// A transaction that locks a run moves the open deliveries of the run, and only transactions that
/// have locked a run add deliveries of it. Therefore nothing ever waits behind a delivery in a
/// batch, and completing such a delivery needs no lock of its run.
public final class DeliveryBatches {
  /// Common table expressions for a statement that has selected deliveries of locked batches as
  /// `leaving`. They close the positions, or delete the batches that become empty.
  private static final String LEAVE =
      """
      leaving_by_batch as (
        select l.batch_id, array_agg(l.position::integer) as positions from leaving l group by l.batch_id
      ), remaining_batches as (
        update runhook.delivery_batch b set closed = b.closed || l.positions
        from leaving_by_batch l
        where b.id = l.batch_id
          and cardinality(b.closed) + cardinality(l.positions) < cardinality(b.delivery_ids)
      ), emptied_batches as (
        delete from runhook.delivery_batch b using leaving_by_batch l
        where b.id = l.batch_id
          and cardinality(b.closed) + cardinality(l.positions) = cardinality(b.delivery_ids)
      )
      """;

  private static final String TAKE =
      """
      with leaving as materialized (
        select d.* from runhook.batched_delivery d
        where d.batch_id = any (:batches) and CONDITION
      ), LEAVE
      select l.*, 1 as attempts, null::uuid as redelivery_of from leaving l order by l.id
      """
          .replace("LEAVE", LEAVE);

  private static final String TAKE_ALL = TAKE.replace("CONDITION", "true");
  private static final String TAKE_SOME = TAKE.replace("CONDITION", "d.id = any (:ids)");
  private static final String TAKE_RUNS = TAKE.replace("CONDITION", "d.run_id = any (:ids)");
  private static final String TAKE_WEBHOOKS =
      TAKE.replace("CONDITION", "d.webhook_id = any (:ids)");

  private static final String QUEUE =
      """
      insert into runhook.delivery_queue (COLUMNS, leased_until, due_at, created_at, failures, bytes)
      select COLUMNS, leased_until, created_at, created_at, 0, 0
      from unnest(ARRAYS, :leases, :created) as n (COLUMNS, leased_until, created_at)
      """
          .replace("COLUMNS", QueueRow.COLUMNS)
          .replace("ARRAYS", QueueRow.ARRAYS);

  private static final String CLOSE =
      """
      with leaving as materialized (
        select * from unnest(:batches, :positions) as l (batch_id, position)
      ), LEAVE
      select 1
      """
          .replace("LEAVE", LEAVE);

  private static final String LOCK =
      "select id, closed from runhook.delivery_batch where id = any (:ids) order by id for update";

  private final TransactionScope transaction;

  public DeliveryBatches(TransactionScope transaction) {
    this.transaction = transaction;
  }

  private record BatchOfRun(UUID batch, UUID run) {}

  /// @param closed the closed positions of each batch that this transaction has locked
  /// @param busy the batches that another transaction has locked
  public record LockedBatches(Map<UUID, Set<Integer>> closed, Set<UUID> busy) {
    public static LockedBatches none() {
      return new LockedBatches(Map.of(), Set.of());
    }

    /// Returns whether this transaction may finish or move the delivery at that position.
    public boolean isOpen(BatchPosition delivery) {
      Set<Integer> positions = closed.get(delivery.batch());
      return positions != null && !positions.contains(delivery.position());
    }

    private void close(BatchPosition delivery) {
      closed.computeIfAbsent(delivery.batch(), ignored -> new HashSet<>()).add(delivery.position());
    }
  }

  /// Locks the batches that still exist, without waiting.
  public LockedBatches tryLock(Collection<UUID> batches) {
    Map<UUID, Set<Integer>> locked = readLocked(batches, LOCK + " skip locked");
    Set<UUID> missing = new HashSet<>(batches);
    missing.removeAll(locked.keySet());
    return new LockedBatches(locked, missing.isEmpty() ? Set.of() : existing(missing));
  }

  private Map<UUID, Set<Integer>> readLocked(Collection<UUID> batches, String sql) {
    return bindIds(batches, transaction.query(sql))
        .map((row, ignored) ->
            Map.entry(
                row.getObject("id", UUID.class),
                new HashSet<>(List.of((Integer[]) row.getArray("closed").getArray()))))
        .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
  }

  private Set<UUID> existing(Collection<UUID> batches) {
    return bindIds(
            batches,
            transaction.query("select id from runhook.delivery_batch where id = any (:ids)"))
        .mapTo(UUID.class)
        .set();
  }

  /// Closes open positions of locked batches whose deliveries are finished.
  public void close(LockedBatches locked, Collection<BatchPosition> finished) {
    UnnestParameters.of(finished)
        .uuids("batches", BatchPosition::batch)
        .longs("positions", position -> (long) position.position())
        .bindTo(transaction.query(CLOSE))
        .mapTo(Integer.class)
        .one();
    finished.forEach(locked::close);
  }

  /// Moves these deliveries of locked batches.
  public void move(Collection<UUID> lockedBatches, Collection<UUID> deliveries) {
    move(TAKE_SOME, lockedBatches, deliveries);
  }

  /// Moves these deliveries, and waits for the locks of their batches.
  public void lockAndMove(Collection<UUID> batches, Collection<UUID> deliveries) {
    move(TAKE_SOME, readLocked(batches, LOCK).keySet(), deliveries);
  }

  /// Moves the open deliveries of runs that this transaction has locked, and waits for the locks of
  /// their batches.
  ///
  /// @param batches those that the runs refer to
  public void lockAndMoveRuns(Collection<UUID> runs, Collection<UUID> batches) {
    List<BatchOfRun> open = openRuns(runs, batches);
    if (!open.isEmpty()) {
      move(TAKE_RUNS, readLocked(batchesOf(open), LOCK).keySet(), runs);
    }
  }

  /// Does the same without waiting.
  ///
  /// @return the runs with open deliveries in batches that another transaction has locked
  public Set<UUID> tryMoveRuns(Collection<UUID> runs, Collection<UUID> batches) {
    List<BatchOfRun> open = openRuns(runs, batches);
    if (open.isEmpty()) {
      return Set.of();
    }
    LockedBatches locked = tryLock(batchesOf(open));
    move(TAKE_RUNS, locked.closed().keySet(), runs);
    return open.stream()
        .filter(one -> locked.busy().contains(one.batch()))
        .map(BatchOfRun::run)
        .collect(Collectors.toSet());
  }

  private List<BatchOfRun> openRuns(Collection<UUID> runs, Collection<UUID> batches) {
    if (batches.isEmpty()) {
      return List.of();
    }
    return UnnestParameters.of(batches)
        .uuids("batches", id -> id)
        .bindTo(
            bindIds(
                runs,
                transaction.query(
                    """
                    select distinct batch_id, run_id from runhook.batched_delivery
                    where batch_id = any (:batches) and run_id = any (:ids)
                    order by batch_id, run_id
                    """)))
        .map((row, ignored) ->
            new BatchOfRun(
                row.getObject("batch_id", UUID.class), row.getObject("run_id", UUID.class)))
        .list();
  }

  private static Set<UUID> batchesOf(List<BatchOfRun> open) {
    return open.stream().map(BatchOfRun::batch).collect(Collectors.toSet());
  }

  /// Moves the open deliveries of these webhooks, and waits for the locks of their batches.
  public void lockAndMoveWebhooks(Collection<UUID> webhooks) {
    List<UUID> batches =
        bindIds(
                webhooks,
                transaction.query(
                    """
                    select distinct batch_id from runhook.batched_delivery where webhook_id = any (:ids)
                    order by batch_id
                    """))
            .mapTo(UUID.class)
            .list();
    if (!batches.isEmpty()) {
      move(TAKE_WEBHOOKS, readLocked(batches, LOCK).keySet(), webhooks);
    }
  }

  /// Moves what is left in batches that are older than `age` or whose lease has expired. Skips
  /// batches that another transaction has locked.
  public void moveOlderThan(Duration age) {
    moveAll(
        transaction
            .query(
                """
                select id from runhook.delivery_batch
                where created_at < now() - :age * interval '1 millisecond' or leased_until <= now()
                order by id for update skip locked
                """)
            .bind("age", age.toMillis()));
  }

  /// Does the same for batches from before that time. An id contains the time of its batch.
  public void moveFromBefore(Instant time, UUID id) {
    moveAll(
        transaction
            .query(
                """
                select id from runhook.delivery_batch where created_at < :time or id < :id
                order by id for update skip locked
                """)
            .bind("time", time)
            .bind("id", id));
  }

  private void moveAll(Query locking) {
    List<UUID> locked = locking.mapTo(UUID.class).list();
    if (!locked.isEmpty()) {
      move(TAKE_ALL, locked, List.of());
    }
  }

  private void move(String sql, Collection<UUID> lockedBatches, Collection<UUID> ids) {
    if (lockedBatches.isEmpty()) {
      return;
    }
    Query query =
        UnnestParameters.of(lockedBatches)
            .uuids("batches", id -> id)
            .bindTo(transaction.unpreparedQuery(sql));
    List<QueueRow> taken =
        (sql.contains(":ids") ? bindIds(ids, query) : query)
            .map((row, ignored) -> QueueRow.read(row))
            .list();
    if (!taken.isEmpty()) {
      QueueRow.parameters(taken)
          .instants("leases", QueueRow::leasedUntil)
          .instants("created", QueueRow::createdAt)
          .bindTo(transaction.update(QUEUE))
          .execute();
    }
  }

  private static Query bindIds(Collection<UUID> ids, Query query) {
    return UnnestParameters.of(ids).uuids("ids", id -> id).bindTo(query);
  }
}
