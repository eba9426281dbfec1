package dev.runhook.persistence.delivery;

import static dev.runhook.persistence.jdbi.SqlValues.define;

import dev.runhook.application.spi.delivery.Deliveries.CompletedAttempt;
import dev.runhook.application.spi.delivery.Deliveries.CompletionResult;
import dev.runhook.application.spi.delivery.Deliveries.LaneKey;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import dev.runhook.persistence.queue.LaneLocks;
import dev.runhook.persistence.queue.OperationalLanes;
import dev.runhook.persistence.queue.QueueRow;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;

/// Stores the results of attempts, in the order that [LaneLocks] describes. A lease is valid while
/// its delivery is leased and has the number of its attempt, and its webhook exists. A later result
/// changes nothing.
final class CompleteAttempts {
  private static final String VALID =
      """
      q.id = c.id and q.attempts = c.number and q.leased_until is not null
        and (select w.deleted_at is null from runhook.webhook w where w.id = q.webhook_id)
      """;

  /// The deliveries that no other transaction has locked. An array of ids, unlike a join, makes
  /// PostgreSQL use the primary key.
  private static final String LOCKED =
      """
      q.id = any (array(
        select l.id from runhook.delivery_queue l where l.id = any (:ids) order by l.id for update skip locked))
      """;

  /// Whether [LaneHeads] will not have to wait for the next delivery of the lane of `l`, which this
  /// locks. Another transaction has locked it if, for example, it is deleting the webhook.
  private static final String NEXT_IS_FREE =
      "case when l.run_id is null then OPERATIONAL else OF_RUN end"
          .transform(define("OF_RUN", LaneHeads.nextIsFree(true)))
          .transform(define("OPERATIONAL", LaneHeads.nextIsFree(false)));

  private static final String FINISH =
      """
      delete from runhook.delivery_queue q using unnest(:ids, :numbers) as c (id, number)
      where LOCKED and VALID
      returning q.*
      """
          .transform(
              define("LOCKED", LOCKED.transform(define("(:ids)", "(:ids) and " + NEXT_IS_FREE))))
          .transform(define("VALID", VALID));

  private static final String RESCHEDULE =
      """
      with completed as materialized (
        select id, number, probe, now() + delay * interval '1 microsecond' as due_at
        from unnest(:ids, :numbers, :delays, :probes) as c (id, number, delay, probe)
      )
      update runhook.delivery_queue q
      set due_at = c.due_at, leased_until = null, failures = q.failures + case when c.probe then 0 else 1 end
      from completed c
      where LOCKED and VALID
      returning q.id, q.attempts
      """
          .transform(define("LOCKED", LOCKED))
          .transform(define("VALID", VALID));

  private static final String BUSY =
      """
      select q.id, q.attempts from unnest(:ids, :numbers) as c (id, number) join runhook.delivery_queue q on VALID
      where q.id = any (:ids)
      """
          .transform(define("VALID", VALID));

  /// The result of the only attempt is part of the delivery.
  private static final String INSERT_FINISHED =
      """
      insert into runhook.delivery (QUEUED_COLUMNS, status, ATTEMPT)
      select f.*, ATTEMPT
      from unnest(QUEUED_ARRAYS, :statuses) as f (QUEUED_COLUMNS, status)
      left join unnest(ARRAYS) as c (COLUMNS) on c.id = f.id
      """
          .transform(define("QUEUED_COLUMNS", QueueRow.COLUMNS))
          .transform(define("QUEUED_ARRAYS", QueueRow.ARRAYS))
          .transform(define("ARRAYS", AttemptColumns.RESULT_ARRAYS))
          .transform(define("COLUMNS", AttemptColumns.RESULT_COLUMNS))
          .transform(define("ATTEMPT", AttemptColumns.NAMES));

  private static final String INSERT_ATTEMPTS =
      """
      insert into runhook.attempt (delivery_id, number, retry_delay_reason, ATTEMPT)
      select * from unnest(ARRAYS)
      on conflict do nothing
      """
          .transform(define("ARRAYS", AttemptColumns.RESULT_ARRAYS))
          .transform(define("ATTEMPT", AttemptColumns.NAMES));

  private static final String LANES_WITH_NEXT =
      """
      select l.webhook_id, l.subject from unnest(:webhooks, :subjects) as l (webhook_id, subject)
      where (select true from runhook.delivery_queue q where IN_LANE limit 1)
      """;

  private final TransactionScope transaction;

  CompleteAttempts(TransactionScope transaction) {
    this.transaction = transaction;
  }

  CompletionResult complete(Collection<CompletedAttempt> completed) {
    Map<Boolean, List<CompletedAttempt>> byRetry =
        completed.stream()
            .collect(
                Collectors.partitioningBy(one -> one.disposition() instanceof Disposition.Retry));
    Map<UUID, QueueRow> finished = finish(lockAffected(byRetry.getOrDefault(false, List.of())));
    Map<UUID, Integer> numbers = new HashMap<>(reschedule(byRetry.getOrDefault(true, List.of())));
    finished.values().forEach(row -> numbers.put(row.id(), row.attempts()));
    Map<Boolean, List<CompletedAttempt>> byApplied =
        completed.stream().collect(Collectors.partitioningBy(one -> isAmong(numbers, one)));
    List<CompletedAttempt> applied = byApplied.getOrDefault(true, List.of());
    List<LaneKey> late =
        applied.stream()
            .filter(CompletedAttempt::collapsesLane)
            .flatMap(one -> Stream.ofNullable(finished.get(id(one))))
            .flatMap(row -> row.lane().stream())
            .filter(LaneKey::ofRun)
            .toList();
    if (!late.isEmpty()) {
      new CollapseLanes(transaction).collapse(late);
    }
    insertResults(applied, finished);
    return new CompletionResult(
        leases(applied),
        leases(findBusy(byApplied.getOrDefault(false, List.of()))),
        findLanesWithNext(finished.values()));
  }

  /// Returns the attempts without those about webhooks that another transaction has locked.
  private List<CompletedAttempt> lockAffected(List<CompletedAttempt> attempts) {
    List<UUID> operational =
        attempts.stream()
            .filter(one -> one.leased().content().kind().isOperational())
            .map(CompleteAttempts::id)
            .toList();
    if (operational.isEmpty()) {
      return attempts;
    }
    Set<UUID> busy = new OperationalLanes(transaction).tryLock(operational);
    return attempts.stream().filter(one -> !busy.contains(id(one))).toList();
  }

  private Map<UUID, QueueRow> finish(List<CompletedAttempt> attempts) {
    if (attempts.isEmpty()) {
      return Map.of();
    }
    transaction.rowIds().forgetRuns();
    return AttemptColumns.leases(attempts)
        .bindTo(transaction.unpreparedQuery(FINISH))
        .map((row, ignored) -> QueueRow.read(row))
        .collectToMap(QueueRow::id, Function.identity());
  }

  private Map<UUID, Integer> reschedule(List<CompletedAttempt> attempts) {
    return attempts.isEmpty()
        ? Map.of()
        : readNumbers(
            AttemptColumns.retries(attempts).bindTo(transaction.unpreparedQuery(RESCHEDULE)));
  }

  /// @param finished the rows of those that are finished
  private void insertResults(List<CompletedAttempt> applied, Map<UUID, QueueRow> finished) {
    List<CompletedAttempt> last =
        applied.stream().filter(one -> finished.containsKey(id(one))).toList();
    List<CompletedAttempt> only = last.stream().filter(one -> one.lease().attempt() == 1).toList();
    List<CompletedAttempt> others =
        applied.stream()
            .filter(one -> !finished.containsKey(id(one)) || one.lease().attempt() > 1)
            .toList();
    if (!last.isEmpty()) {
      Update insert = AttemptColumns.results(only).bindTo(transaction.update(INSERT_FINISHED));
      UnnestParameters.of(last)
          .texts("statuses", one -> AttemptColumns.status(one.disposition()))
          .bindTo(insert);
      List<QueueRow> rows =
          last.stream().flatMap(one -> Stream.ofNullable(finished.get(id(one)))).toList();
      QueueRow.parameters(rows).bindTo(insert).execute();
    }
    if (!others.isEmpty()) {
      AttemptColumns.results(others).bindTo(transaction.update(INSERT_ATTEMPTS)).execute();
    }
  }

  /// Returns those whose leases are valid, although they were not applied: another transaction has
  /// locked them.
  private List<CompletedAttempt> findBusy(List<CompletedAttempt> others) {
    if (others.isEmpty()) {
      return List.of();
    }
    Map<UUID, Integer> numbers =
        readNumbers(AttemptColumns.leases(others).bindTo(transaction.unpreparedQuery(BUSY)));
    return others.stream().filter(one -> isAmong(numbers, one)).toList();
  }

  /// Returns the numbers of the attempts by the ids of their deliveries.
  private static Map<UUID, Integer> readNumbers(Query query) {
    return query
        .map((row, ignored) -> Map.entry(row.getObject("id", UUID.class), row.getInt("attempts")))
        .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
  }

  /// The number matters, because a batch has two attempts of one delivery if the clock of the
  /// database has jumped.
  ///
  /// @param numbers of attempts, by the ids of their deliveries
  private static boolean isAmong(Map<UUID, Integer> numbers, CompletedAttempt attempt) {
    return Objects.equals(numbers.get(id(attempt)), attempt.lease().attempt());
  }

  private static Set<Lease> leases(List<CompletedAttempt> attempts) {
    return attempts.stream().map(CompletedAttempt::lease).collect(Collectors.toSet());
  }

  private Set<LaneKey> findLanesWithNext(Collection<QueueRow> finished) {
    Map<Boolean, List<LaneKey>> ofRuns =
        finished.stream()
            .flatMap(row -> row.lane().stream())
            .collect(Collectors.groupingBy(LaneKey::ofRun));
    Set<LaneKey> found = new HashSet<>();
    ofRuns.forEach((ofRun, lanes) ->
        LaneLocks.parameters(lanes)
            .bindTo(
                transaction.unpreparedQuery(
                    LANES_WITH_NEXT.transform(
                        define("IN_LANE", ofRun ? LaneLocks.IN_LANE : OperationalLanes.IN_LANE))))
            .map((row, ignored) ->
                new LaneKey(
                    new WebhookId(row.getObject("webhook_id", UUID.class)),
                    row.getObject("subject", UUID.class),
                    ofRun))
            .forEach(found::add));
    return found;
  }

  private static UUID id(CompletedAttempt attempt) {
    return attempt.lease().delivery().value();
  }
}
