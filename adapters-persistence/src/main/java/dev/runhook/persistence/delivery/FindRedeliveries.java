package dev.runhook.persistence.delivery;

import static dev.runhook.persistence.jdbi.SqlValues.define;
import static java.util.Comparator.naturalOrder;

import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope.OfWebhook;
import dev.runhook.application.spi.delivery.Deliveries.RedeliveryCandidate;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.IdRange;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.Query;

/// Finds what redeliveries and replays send.
final class FindRedeliveries {
  /// The clocks of two nodes, which create ids, may differ by this much.
  private static final Duration MAX_CLOCK_DIFFERENCE = Duration.ofDays(1);

  /// Whether `d` has the status of the delivery of its event to the webhook that finished last. The
  /// database decides that, because the ids come from the clocks of the nodes; they only limit the
  /// partitions to read. A webhook can have many pings, so they are grouped once.
  private static final String HAS_LATEST_STATUS =
      """
      case when d.run_id is not null then d.status = (
        select (array_agg(n.status order by n.finished_at desc, n.id desc))[1] from runhook.delivery n
        where coalesce(n.run_id, n.webhook_id) = d.run_id and n.webhook_id = d.webhook_id
          and n.event_id = d.event_id and n.id >= :earliest)
      else (d.event_id, d.status) in (
        select distinct on (n.event_id) n.event_id, n.status from runhook.delivery n
        where coalesce(n.run_id, n.webhook_id) = :webhook
        order by n.event_id, n.finished_at desc, n.id desc)
      end
      """;

  /// Reads from the index by run.
  private static final String LATEST_FINISHED_OF_RUN =
      """
      select m.id, m.event_id from (
        select distinct on (d.event_id) d.* from runhook.delivery d
        where d.id >= :lower and d.id < :upper and coalesce(d.run_id, d.webhook_id) = (
            select r.id from runhook.run r where r.stack_id = :stack and r.name = :run)
          and d.webhook_id = :webhook and d.status = any (:statuses) and (:state::text is null or d.state = :state)
          and HAS_LATEST_STATUS
        order by d.event_id, d.finished_at desc, d.id desc) m
      order by m.state_version limit :limit
      """
          .transform(define("HAS_LATEST_STATUS", HAS_LATEST_STATUS));

  /// Reads from the index by status, as [ListDeliveries] does, and keeps the latest delivery of
  /// each event.
  private static final String LATEST_FINISHED =
      """
      select l.id, l.event_id from (
        select distinct on (m.event_id) m.*
        from unnest(:statuses) as a (status) cross join lateral (
          select d.id, d.event_id, d.run_id, d.state_version, d.finished_at from runhook.delivery d
          where d.id >= :lower and d.id < :upper
            and (d.webhook_id, d.status, d.id) >= (:webhook, a.status, :lower)
            and (d.webhook_id, d.status, d.id) < (:webhook, a.status, :upper)
            and (:state::text is null or d.state = :state)
            and HAS_LATEST_STATUS
          order by d.webhook_id desc, d.status desc, d.id desc limit :limit) m
        order by m.event_id, m.finished_at desc, m.id desc) l
      order by l.run_id, l.state_version, l.event_id limit :limit
      """
          .transform(define("HAS_LATEST_STATUS", HAS_LATEST_STATUS));

  /// Ids contain the time: an event with a smaller id than the webhook is older.
  private static final String SKIPPED =
      """
      select null::uuid as id, e.id as event_id
      from runhook.run r
      join runhook.event e on e.run_id = r.id
      left join runhook.skipped_delivery k
        on k.event_id = e.id and k.webhook_id = :webhook and k.event_id >= :lower and k.event_id < :upper
      where r.stack_id = :stack and (:run::text is null or r.name = :run)
        and e.id >= :lower and e.id < :upper and (:state::text is null or e.state = :state)
        and (cardinality(:states) = 0 or e.state = any (:states))
        and (k.event_id is not null or e.id < :webhook)
        and not exists (
          select 1 from runhook.delivery_queue q
          where q.webhook_id = :webhook and q.run_id = e.run_id and q.event_id = e.id)
        and not exists (
          select 1 from runhook.delivery d
          where coalesce(d.run_id, d.webhook_id) = e.run_id and d.webhook_id = :webhook and d.event_id = e.id)
      order by e.run_id, e.state_version limit :limit
      """;

  /// Columns that are equal are also part of the order, as in [ListDeliveries].
  private static final String LAST_SUCCESS =
      """
      select d.id from runhook.delivery d
      where d.webhook_id = :webhook and d.status = 'DELIVERED' and d.run_id is not null and d.redelivery_of is null
      order by d.webhook_id desc, d.status desc, d.id desc limit 1
      """;

  private static final String CONTENTS =
      """
      select d.id as delivery_id, d.previous_version, e.*
      from runhook.all_deliveries d join runhook.event e on e.id = d.event_id
      where d.id = any (:ids) and e.id = any (:events) and e.payload is not null
      """;

  /// Reads the lanes of the events, so that a long queue of the webhook is not scanned.
  private static final String REDELIVERED =
      """
      select q.event_id from runhook.delivery_queue q
      where q.webhook_id = :webhook and q.event_id = any (:events)
        and q.run_id = any (array(
          select e.run_id from runhook.event e where e.id = any (:events) and e.run_id is not null))
      union all
      select q.event_id from runhook.delivery_queue q
      where q.webhook_id = :webhook and q.run_id is null and q.event_id = any (:events)
      union all
      select d.event_id from runhook.delivery d where d.id = any (:ids) and not HAS_LATEST_STATUS
      union all
      select d.event_id from runhook.delivery d
      where d.webhook_id = :webhook and d.event_id = any (:skipped)
        and coalesce(d.run_id, d.webhook_id) = any (array(
          select e.run_id from runhook.event e where e.id = any (:skipped)))
      """
          .transform(define("HAS_LATEST_STATUS", HAS_LATEST_STATUS));

  private final TransactionScope transaction;

  FindRedeliveries(TransactionScope transaction) {
    this.transaction = transaction;
  }

  List<RedeliveryCandidate> findLatestFinished(DeliveryFilter filter, int limit) {
    OfWebhook scope = requireScope(filter);
    Query query =
        scope.run().isEmpty()
            ? transaction.unpreparedQuery(LATEST_FINISHED)
            : bindRun(scope, transaction.unpreparedQuery(LATEST_FINISHED_OF_RUN));
    return find(
        filter,
        limit,
        query
            .bindArray("statuses", String.class, ListDeliveries.finishedStatuses(filter))
            .bind("earliest", earliest(filter.from())));
  }

  List<RedeliveryCandidate> findSkipped(
      DeliveryFilter filter, Collection<RunState> states, int limit) {
    return find(
        filter,
        limit,
        bindRun(requireScope(filter), transaction.unpreparedQuery(SKIPPED))
            .bindArray("states", String.class, states.stream().map(RunState::name).toList()));
  }

  /// The smallest id of a delivery that can have been created after one of this time or later.
  private static UUID earliest(Optional<Instant> from) {
    return IdRange.lowerBound(from.map(instant -> instant.minus(MAX_CLOCK_DIFFERENCE)));
  }

  private static OfWebhook requireScope(DeliveryFilter filter) {
    if (!(filter.scope() instanceof OfWebhook scope) || filter.dependsOnAttempts()) {
      throw new IllegalArgumentException(
          "the filter must select one webhook, regardless of attempts");
    }
    return scope;
  }

  private Query bindRun(OfWebhook scope, Query query) {
    return query
        .bind("stack", transaction.rowIds().ofStack(scope.stack()))
        .bind("run", scope.run().orElse(null));
  }

  private static List<RedeliveryCandidate> find(DeliveryFilter filter, int limit, Query query) {
    return query
        .bind("state", filter.state().map(RunState::name).orElse(null))
        .bind("webhook", requireScope(filter).webhook().value())
        .bind("lower", IdRange.lowerBound(filter.from()))
        .bind("upper", IdRange.upperBound(filter.to(), Optional.empty()))
        .bind("limit", limit)
        .map((row, context) ->
            new RedeliveryCandidate(
                Optional.ofNullable(row.getObject("id", UUID.class)).map(DeliveryId::new),
                new EventId(row.getObject("event_id", UUID.class))))
        .list();
  }

  Optional<DeliveryId> findLastSuccess(WebhookId webhook) {
    return transaction
        .unpreparedQuery(LAST_SUCCESS)
        .bind("webhook", webhook.value())
        .map((row, context) -> new DeliveryId(row.getObject("id", UUID.class)))
        .findOne();
  }

  List<DeliveryContent> findContents(Collection<RedeliveryCandidate> candidates) {
    Map<RedeliveryCandidate, DeliveryContent> contents = new HashMap<>();
    bind(candidates, transaction.unpreparedQuery(CONTENTS))
        .map((row, ignored) -> DeliveryMapper.readRedelivery(row))
        .forEach(content ->
            contents.put(
                new RedeliveryCandidate(content.redeliveryOf(), content.event()), content));
    List<EventId> skipped = skippedEvents(candidates);
    if (!skipped.isEmpty()) {
      LeasedDeliveryReader.findContents(transaction, skipped)
          .forEach((event, found) ->
              contents.put(new RedeliveryCandidate(Optional.empty(), event), found));
    }
    return candidates.stream()
        .flatMap(candidate -> Stream.ofNullable(contents.get(candidate)))
        .toList();
  }

  Set<EventId> findRedelivered(WebhookId webhook, Collection<RedeliveryCandidate> candidates) {
    return bind(candidates, transaction.unpreparedQuery(REDELIVERED))
        .bind("webhook", webhook.value())
        .bind(
            "earliest",
            earliest(
                candidates.stream()
                    .flatMap(candidate -> candidate.delivery().stream())
                    .map(DeliveryId::createdAt)
                    .min(naturalOrder())))
        .bindArray(
            "skipped", UUID.class, skippedEvents(candidates).stream().map(EventId::value).toList())
        .map((row, ignored) -> new EventId(row.getObject("event_id", UUID.class)))
        .set();
  }

  private static List<EventId> skippedEvents(Collection<RedeliveryCandidate> candidates) {
    return candidates.stream()
        .filter(candidate -> candidate.delivery().isEmpty())
        .map(RedeliveryCandidate::event)
        .toList();
  }

  private static Query bind(Collection<RedeliveryCandidate> candidates, Query query) {
    return UnnestParameters.of(candidates)
        .uuids("ids", candidate -> candidate.delivery().map(DeliveryId::value).orElse(null))
        .uuids("events", candidate -> candidate.event().value())
        .bindTo(query);
  }
}
