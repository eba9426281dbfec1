package dev.runhook.persistence;

import dev.runhook.application.spi.Erased;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.account.Reach.AllStacks;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Takes payloads out of events and leaves their hashes. The rows of runs are locked first, so that
/// no delivery of an event is queued while its payload goes.
final class PayloadErasing {
  /// There is no index of events by run, and none is wanted for this alone: an event is found by
  /// what tells of it.
  private static final String OF_RUN =
      """
      select event_id from runhook.transition where run_id = :run::uuid
      union
      select event_id from runhook.delivery where run_id = :run::uuid
      union
      select event_id from runhook.queue where run_id = :run::uuid
      order by event_id
      """;

  private static final String OF_ACCOUNT =
      """
      select id, run_id from runhook.event
      where payload is not null and (:after::uuid is null or id > :after::uuid)
        and stack_id in (select id from runhook.stack where account = :account and (:all or slug = any (:some)))
      order by id
      limit :limit
      """;

  private final Session session;

  PayloadErasing(Session session) {
    this.session = session;
  }

  private record Found(UUID event, @Nullable UUID run) {}

  /// Of a run that the unit has locked.
  Erased erase(RunId run) {
    List<UUID> events =
        session.queueQuery(OF_RUN).bind("run", session.keys().ofRun(run)).mapTo(UUID.class).list();
    return erase(events, Optional.empty());
  }

  Erased erase(AccountId account, Reach reach, Optional<EventId> after, int limit) {
    List<Found> found = find(account, reach, after, limit);
    lockRuns(found);
    Optional<EventId> last =
        found.size() < limit ? Optional.empty() : Optional.of(new EventId(found.getLast().event()));
    return erase(found.stream().map(Found::event).toList(), last);
  }

  private List<Found> find(AccountId account, Reach reach, Optional<EventId> after, int limit) {
    return Columns.of(StackRows.slugs(reach))
        .texts("some", slug -> slug)
        .bindTo(session.query(OF_ACCOUNT))
        .bind("account", account.name())
        .bind("all", reach instanceof AllStacks)
        .bind("after", after.map(EventId::value).orElse(null))
        .bind("limit", limit)
        .map((row, _) ->
            new Found(row.getObject("id", UUID.class), row.getObject("run_id", UUID.class)))
        .list();
  }

  private void lockRuns(List<Found> found) {
    List<UUID> runs =
        found.stream().flatMap(one -> Optional.ofNullable(one.run()).stream()).distinct().toList();
    Columns.of(runs)
        .uuids("runs", run -> run)
        .bindTo(
            session.query(
                "select id from runhook.run where id = any (:runs) order by id for no key update"))
        .mapTo(UUID.class)
        .list();
  }

  private Erased erase(List<UUID> events, Optional<EventId> last) {
    long kept =
        Columns.of(events)
            .uuids("events", event -> event)
            .bindTo(
                session.queueQuery(
                    "select count(distinct event_id) from runhook.queue where event_id = any (:events)"))
            .mapTo(Long.class)
            .one();
    long forgotten =
        Columns.of(events)
            .uuids("events", event -> event)
            .bindTo(
                session.queueUpdate(
                    """
                    update runhook.event e set payload = null, payload_sha256 = sha256(e.payload)
                    where e.id = any (:events) and e.payload is not null
                      and not exists (select 1 from runhook.queue q where q.event_id = e.id)
                    """))
            .execute();
    return new Erased(forgotten, kept, last);
  }
}
