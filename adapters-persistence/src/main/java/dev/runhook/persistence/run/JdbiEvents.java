package dev.runhook.persistence.run;

import static dev.runhook.persistence.jdbi.SqlValues.define;

import dev.runhook.application.spi.Events;
import dev.runhook.application.spi.Events.ErasureProgress;
import dev.runhook.application.spi.Events.SkippedTransition;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.text.Explanation;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The tables `event` and `skipped_delivery`, and the erasure of what attempts have sent.
public final class JdbiEvents implements Events {
  private static final String OF_RUN =
      "select id from runhook.event where run_id = :run order by id";

  private static final String OF_ACCOUNT =
      """
      select id, run_id from runhook.event
      where payload is not null and (:after::uuid is null or id > :after::uuid)
        and stack_id in (
          select id from runhook.stack where account = :account and (:allStacks or slug = any (:slugs)))
      order by id limit :limit
      """;

  /// Whether the event `e` has an open delivery. The lanes of its run are read.
  private static final String IS_OPEN =
      """
      case when e.run_id is null
        then e.id in (select o.event_id from runhook.delivery_queue o where o.run_id is null)
        else (
          select true from runhook.delivery_queue o
          where o.run_id = e.run_id and o.event_id = e.id limit 1) is not null
      end
      """;

  private static final String COUNT_RETAINED =
      "select count(*) from runhook.event e where e.id = any (:events) and " + IS_OPEN;

  private static final String ERASE =
      """
      update runhook.event e set payload = null, payload_sha256 = sha256(e.payload)
      where e.id = any (:events) and e.payload is not null and not (IS_OPEN)
      returning e.id
      """
          .transform(define("IS_OPEN", IS_OPEN));

  /// The finished deliveries of events. Reads from the index by run, or by webhook for those
  /// without a run.
  private static final String DELIVERIES =
      """
      select d.id from runhook.delivery d
      where d.event_id = any (:events) and coalesce(d.run_id, d.webhook_id) = any (array(
        select coalesce(e.run_id, w.id) from runhook.event e
        left join runhook.webhook w on w.stack_id = e.stack_id and e.run_id is null
        where e.id = any (:events)))
      """;

  /// The bodies of requests in other formats.
  private static final List<String> ERASE_BODIES =
      List.of(
          """
          update runhook.attempt set request_body = sha256(request_body)
          where delivery_id = any (array(DELIVERIES)) and request_body is not null
          """
              .transform(define("DELIVERIES", DELIVERIES)),
          """
          update runhook.delivery set request_body = sha256(request_body)
          where id = any (array(DELIVERIES)) and request_body is not null
          """
              .transform(define("DELIVERIES", DELIVERIES)));

  private static final String BEFORE_LOCKS = "runhook_before_locks";

  private record Found(UUID event, @Nullable UUID run) {}

  private final TransactionScope transaction;

  public JdbiEvents(TransactionScope transaction) {
    this.transaction = transaction;
  }

  @Override
  public Set<EventId> findWithPayload(Collection<EventId> events) {
    return UnnestParameters.of(events)
        .uuids("events", EventId::value)
        .bindTo(
            transaction.unpreparedQuery(
                "select id from runhook.event where id = any (:events) and payload is not null"))
        .map((row, ignored) -> new EventId(row.getObject("id", UUID.class)))
        .set();
  }

  @Override
  public List<SkippedTransition> findSkipped(RunId run, Collection<Long> versions) {
    return transaction
        .query(
            """
            select e.state_version, d.webhook_id, d.reason, d.reason_values
            from runhook.event e join runhook.skipped_delivery d on d.event_id = e.id
            where e.run_id = (select r.id from runhook.run r join runhook.stack s on s.id = r.stack_id
                              where s.account = :stack.account.name and s.slug = :stack.slug and r.name = :name)
              and e.state_version = any (:versions)
            order by e.state_version, d.webhook_id
            """)
        .bindMethods(run)
        .bindArray("versions", Long.class, versions)
        .map((row, ignored) ->
            new SkippedTransition(
                row.getLong("state_version"),
                new WebhookId(row.getObject("webhook_id", UUID.class)),
                new Explanation(
                    Explanation.Code.valueOf(row.getString("reason")),
                    SqlValues.texts(row, "reason_values"))))
        .list();
  }

  /// Erases the payloads of a run that the transaction has locked.
  @Override
  public ErasureProgress erasePayloads(RunId run) {
    UUID id = transaction.rowIds().ofRun(run);
    List<UUID> events =
        transaction.unpreparedQuery(OF_RUN).bind("run", id).mapTo(UUID.class).list();
    return erase(events, Optional.empty());
  }

  @Override
  public ErasureProgress erasePayloads(
      AccountId account, StackScope scope, Optional<EventId> after, int limit, boolean dryRun) {
    List<Found> found =
        UnnestParameters.bindScope(scope, transaction.query(OF_ACCOUNT))
            .bind("account", account.name())
            .bind("after", after.map(EventId::value).orElse(null))
            .bind("limit", limit)
            .map((row, ignored) ->
                new Found(row.getObject("id", UUID.class), row.getObject("run_id", UUID.class)))
            .list();
    List<UUID> events = found.stream().map(Found::event).toList();
    Optional<EventId> last =
        found.size() < limit ? Optional.empty() : Optional.of(new EventId(found.getLast().event()));
    if (dryRun) {
      long retained = countRetained(UnnestParameters.of(events).uuids("events", id -> id));
      return new ErasureProgress(events.size() - retained, retained, last);
    }
    List<UUID> locked = lockRuns(found);
    return locked.size() == events.size()
        ? erase(events, last)
        : erase(locked, Optional.of(new EventId(locked.getLast())));
  }

  /// Locks the runs of these events, so that no deliveries of them are queued at the same time.
  /// Ends before the first event whose run another transaction has locked. It waits only for the
  /// run of the very first event, and only while it has locked no other run.
  ///
  /// @return the first of the events, at least one if there is any
  private List<UUID> lockRuns(List<Found> found) {
    Handle handle = transaction.handle();
    handle.savepoint(BEFORE_LOCKS);
    Set<UUID> busy = new HashSet<>(lock(found, ""));
    busy.removeAll(lock(found, "for no key update skip locked"));
    List<UUID> ready =
        found.stream()
            .takeWhile(event -> event.run() == null || !busy.contains(event.run()))
            .map(Found::event)
            .toList();
    if (!ready.isEmpty() || found.isEmpty()) {
      return ready;
    }
    handle.rollbackToSavepoint(BEFORE_LOCKS);
    List<Found> first = found.subList(0, 1);
    lock(first, "for no key update");
    return List.of(first.getFirst().event());
  }

  private List<UUID> lock(List<Found> events, String lock) {
    return transaction
        .query("select id from runhook.run where id = any (:runs) order by id " + lock)
        .bindArray(
            "runs",
            UUID.class,
            events.stream().map(Found::run).filter(Objects::nonNull).distinct().toList())
        .mapTo(UUID.class)
        .list();
  }

  /// Replaces the payloads with their hashes. Events with open deliveries keep their payload.
  private ErasureProgress erase(List<UUID> events, Optional<EventId> last) {
    UnnestParameters<UUID> parameters = UnnestParameters.of(events).uuids("events", id -> id);
    long retained = countRetained(parameters);
    List<UUID> erased =
        parameters.bindTo(transaction.unpreparedQuery(ERASE)).mapTo(UUID.class).list();
    ERASE_BODIES.forEach(sql ->
        UnnestParameters.bindIds("events", erased, transaction.unpreparedUpdate(sql)).execute());
    return new ErasureProgress(erased.size(), retained, last);
  }

  private long countRetained(UnnestParameters<UUID> events) {
    return events.bindTo(transaction.unpreparedQuery(COUNT_RETAINED)).mapTo(Long.class).one();
  }
}
