package dev.runhook.persistence.run;

import dev.runhook.application.spi.ErasureProgress;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunId;
import dev.runhook.persistence.jdbi.StackScopeBinder;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Replaces the payloads of events with their hashes. Events with open deliveries keep their
/// payload. The runs are locked first, so that no delivery of an event is queued at the same time.
final class ErasePayloads {
  /// Finds the events through other tables, because an index of events by run would serve only
  /// this.
  private static final String OF_RUN =
      """
      select event_id from runhook.transition where run_id = :run::uuid
      union
      select event_id from runhook.delivery where run_id = :run::uuid
      union
      select event_id from runhook.delivery_queue where run_id = :run::uuid
      order by event_id
      """;

  private static final String OF_ACCOUNT =
      """
      select id, run_id from runhook.event
      where payload is not null and (:after::uuid is null or id > :after::uuid)
        and stack_id in (
          select id from runhook.stack where account = :account and (:allStacks or slug = any (:slugs)))
      order by id
      limit :limit
      """;

  private final TransactionScope transaction;

  ErasePayloads(TransactionScope transaction) {
    this.transaction = transaction;
  }

  private record Found(UUID event, @Nullable UUID run) {}

  /// Erases the payloads of a run that the transaction has locked.
  ErasureProgress erase(RunId run) {
    List<UUID> events =
        transaction
            .unpreparedQuery(OF_RUN)
            .bind("run", transaction.rowIds().ofRun(run))
            .mapTo(UUID.class)
            .list();
    return erase(events, Optional.empty());
  }

  ErasureProgress erase(AccountId account, StackScope scope, Optional<EventId> after, int limit) {
    List<Found> found = find(account, scope, after, limit);
    lockRuns(found);
    Optional<EventId> last =
        found.size() < limit ? Optional.empty() : Optional.of(new EventId(found.getLast().event()));
    return erase(found.stream().map(Found::event).toList(), last);
  }

  private List<Found> find(
      AccountId account, StackScope scope, Optional<EventId> after, int limit) {
    return StackScopeBinder.bind(scope, transaction.query(OF_ACCOUNT))
        .bind("account", account.name())
        .bind("after", after.map(EventId::value).orElse(null))
        .bind("limit", limit)
        .map((row, _) ->
            new Found(row.getObject("id", UUID.class), row.getObject("run_id", UUID.class)))
        .list();
  }

  private void lockRuns(List<Found> found) {
    List<UUID> runs =
        found.stream().flatMap(one -> Stream.ofNullable(one.run())).distinct().toList();
    UnnestParameters.of(runs)
        .uuids("runs", run -> run)
        .bindTo(
            transaction.query(
                "select id from runhook.run where id = any (:runs) order by id for no key update"))
        .mapTo(UUID.class)
        .list();
  }

  private ErasureProgress erase(List<UUID> events, Optional<EventId> last) {
    long retained =
        UnnestParameters.of(events)
            .uuids("events", event -> event)
            .bindTo(
                transaction.unpreparedQuery(
                    """
                    select count(distinct event_id) from runhook.delivery_queue where event_id = any (:events)
                    """))
            .mapTo(Long.class)
            .one();
    long erased =
        UnnestParameters.of(events)
            .uuids("events", event -> event)
            .bindTo(
                transaction.unpreparedUpdate(
                    """
                    update runhook.event e set payload = null, payload_sha256 = sha256(e.payload)
                    where e.id = any (:events) and e.payload is not null
                      and not exists (select 1 from runhook.delivery_queue q where q.event_id = e.id)
                    """))
            .execute();
    return new ErasureProgress(erased, retained, last);
  }
}
