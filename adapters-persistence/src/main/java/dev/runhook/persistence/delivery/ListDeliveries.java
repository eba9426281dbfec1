package dev.runhook.persistence.delivery;

import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.DeliveryScope;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.run.RunState;
import dev.runhook.persistence.jdbi.IdRange;
import dev.runhook.persistence.jdbi.KeysetPage;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatements;

/// Lists deliveries, the newest first, open and finished ones as one.
///
/// No list walks over what it does not show. Each is put together from the heads of streams that an
/// index has in order already: one for each webhook, and where a state or status is asked for, one
/// for each webhook, status and state. So it costs the same with a thousand deliveries and with
/// millions. Both tables are read by one statement: a delivery that is finished meanwhile is in one
/// of them, and in one only.
public final class ListDeliveries {
  private static final String NO_STATE = "";

  private static final String HEARD =
      """
      with heard as (
        select w.id, w.stack_id, s.slug
        from runhook.stack s join runhook.webhook w on w.stack_id = s.id
        where s.account = :account and (:everyStack or s.slug = any (:stacks)) and (:webhook::uuid is null or w.id = :webhook::uuid)
      )
      """;

  private static final String OF_RUN =
      """
      , chosen as (
        select h.stack_id, r.id
        from (select distinct stack_id from heard) h
        cross join lateral (select r.id from runhook.run r where r.stack_id = h.stack_id and r.name = :run limit 1) r
      )
      """;

  private static final String OPEN =
      "select q.id, q.webhook_id, q.run_id, q.event_id, q.kind, q.state, q.state_version, q.previous_version, 'PENDING' as status, q.attempts, "
          + "q.due_at as next_attempt_at, null::timestamptz as finished_at, q.redelivery_of from runhook.delivery_queue q ";

  private static final String FINISHED =
      "select d.id, d.webhook_id, d.run_id, d.event_id, d.kind, d.state, d.state_version, d.previous_version, d.status, d.attempts, "
          + "null::timestamptz as next_attempt_at, d.finished_at, d.redelivery_of from runhook.delivery d ";

  private static final String OPEN_OF_WEBHOOKS =
      """
      select o.* from heard h cross join unnest(:states) as wanted (state) cross join lateral (
        OPEN
        where q.id >= :least::uuid and q.id < :before::uuid
          and (q.webhook_id, coalesce(q.state, ''), q.id) >= (h.id, wanted.state, :least::uuid)
          and (q.webhook_id, coalesce(q.state, ''), q.id) < (h.id, wanted.state, :before::uuid)
        order by q.webhook_id desc, coalesce(q.state, '') desc, q.id desc
        limit :limit) o
      """;

  private static final String OPEN_OF_RUN =
      """
      select o.* from heard h join chosen c on c.stack_id = h.stack_id cross join lateral (
        OPEN
        where q.webhook_id = h.id and q.run_id = c.id and q.state = any (:states) and q.id >= :least::uuid and q.id < :before::uuid
        ) o
      """;

  private static final String FINISHED_OF_WEBHOOKS =
      """
      select f.* from heard h cross join lateral (
        FINISHED
        where d.id >= :least::uuid and d.id < :before::uuid
          and (d.webhook_id, d.id) >= (h.id, :least::uuid) and (d.webhook_id, d.id) < (h.id, :before::uuid)
        order by d.webhook_id desc, d.id desc
        limit :limit) f
      """;

  /// What is equal throughout a stream is nevertheless compared as part of its order: else
  /// PostgreSQL could take the order from the primary key, and walk over all that it filters out.
  private static final String FINISHED_BY_STATE =
      """
      select f.* from heard h cross join unnest(:statuses) as how (status) cross join unnest(:states) as wanted (state) cross join lateral (
        FINISHED
        where d.id >= :least::uuid and d.id < :before::uuid
          and (d.webhook_id, d.status, coalesce(d.state, ''), d.id) >= (h.id, how.status, wanted.state, :least::uuid)
          and (d.webhook_id, d.status, coalesce(d.state, ''), d.id) < (h.id, how.status, wanted.state, :before::uuid)
        order by d.webhook_id desc, d.status desc, coalesce(d.state, '') desc, d.id desc
        limit :limit) f
      """;

  private static final String FINISHED_OF_RUN =
      """
      select f.* from chosen c cross join lateral (
        FINISHED
        where d.run_id is not null and d.id >= :least::uuid and d.id < :before::uuid
          and (d.run_id, d.id) >= (c.id, :least::uuid) and (d.run_id, d.id) < (c.id, :before::uuid)
          and d.webhook_id = any (array(select h.id from heard h)) and d.status = any (:statuses) and d.state = any (:states)
        order by d.run_id desc, d.id desc
        limit :limit) f
      """;

  private static final String PAGE =
      """
      select p.*, h.slug, r.name as run_name
      from (
        select * from (STREAMS) a order by a.id desc limit :limit
      ) p
      join heard h on h.id = p.webhook_id
      left join runhook.run r on r.id = p.run_id
      order by p.id desc
      """;

  private final TransactionScope transactionScope;

  ListDeliveries(TransactionScope session) {
    this.transactionScope = session;
  }

  /// Where a scope looks.
  private record Place(
      boolean everyStack, Collection<String> stacks, Optional<UUID> webhook, Optional<String> run) {
    static Place of(DeliveryScope scope) {
      return switch (scope) {
        case DeliveryScope.OfWebhook(var stack, var webhook, var run) ->
            new Place(false, List.of(stack.slug()), Optional.of(webhook.value()), run);
        case DeliveryScope.OfRun(var run) ->
            new Place(
                false, List.of(run.stack().slug()), Optional.empty(), Optional.of(run.name()));
        case DeliveryScope.OfAccount(_, StackScope.All(), var run) ->
            new Place(true, List.of(), Optional.empty(), run);
        case DeliveryScope.OfAccount(_, StackScope.Only(var stacks), var run) ->
            new Place(false, stacks, Optional.empty(), run);
      };
    }
  }

  Page<Delivery> list(DeliveryFilter filter, PageRequest page) {
    Place place = Place.of(filter.scope());
    Query query = transactionScope.unpreparedQuery(statement(place, filter));
    // not every statement has all of the parts that ask for them
    query.getConfig(SqlStatements.class).setUnusedBindingAllowed(true);
    UnnestParameters.of(place.stacks()).texts("stacks", slug -> slug).bindTo(query);
    UnnestParameters.of(states(filter)).texts("states", state -> state).bindTo(query);
    UnnestParameters.of(finishedStatuses(filter)).texts("statuses", Enum::name).bindTo(query);
    List<Delivery> fetched =
        query
            .bind("account", filter.scope().account().name())
            .bind("everyStack", place.everyStack())
            .bind("webhook", place.webhook().orElse(null))
            .bind("run", place.run().orElse(null))
            .bind("least", IdRange.lowerBound(filter.from()))
            .bind("before", IdRange.upperBound(filter.to(), KeysetPage.after(page)))
            .bind("limit", page.limit() + 1)
            .map((row, _) -> DeliveryMapper.read(row, filter.scope().account()))
            .list();
    return Page.of(fetched, page, delivery -> delivery.id().toString());
  }

  private static String statement(Place place, DeliveryFilter filter) {
    boolean ofRun = place.run().isPresent();
    Optional<String> open =
        filter.status().map(Status.PENDING::equals).orElse(true)
            ? Optional.of(ofRun ? OPEN_OF_RUN : OPEN_OF_WEBHOOKS)
            : Optional.empty();
    Optional<String> finished =
        finishedStatuses(filter).isEmpty()
            ? Optional.empty()
            : Optional.of(finished(ofRun, filter));
    String streams =
        Stream.of(open, finished)
            .flatMap(Optional::stream)
            .reduce((one, other) -> one + "union all\n" + other)
            .orElseThrow();
    return HEARD
        + (ofRun ? OF_RUN : "")
        + PAGE.replace("STREAMS", streams)
            .replace("OPEN\n", OPEN + "\n")
            .replace("FINISHED\n", FINISHED + "\n");
  }

  private static String finished(boolean ofRun, DeliveryFilter filter) {
    if (ofRun) {
      return FINISHED_OF_RUN;
    }
    return filter.status().isEmpty() && filter.state().isEmpty()
        ? FINISHED_OF_WEBHOOKS
        : FINISHED_BY_STATE;
  }

  static List<String> states(DeliveryFilter filter) {
    return filter.state().map(state -> List.of(state.name())).orElseGet(ListDeliveries::allStates);
  }

  /// What there is in the indexes by state, pings among it.
  public static List<String> allStates() {
    return Stream.concat(Stream.of(NO_STATE), Stream.of(RunState.values()).map(Enum::name))
        .toList();
  }

  /// Which of the finished are asked for.
  static List<Status> finishedStatuses(DeliveryFilter filter) {
    return Stream.of(Status.DELIVERED, Status.FAILED)
        .filter(status -> filter.status().map(status::equals).orElse(true))
        .toList();
  }
}
