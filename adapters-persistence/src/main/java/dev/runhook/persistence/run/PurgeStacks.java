package dev.runhook.persistence.run;

import static java.util.Comparator.comparing;

import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;

/// Removes the rows of one deleted stack, page by page: first its runs, each with its deliveries
/// and events, then its webhooks with those that have no run, then the stack.
///
/// Nothing is added to a locked run or webhook, so none of their rows are left when they are
/// removed themselves. Pings are found through their deliveries, because an index of events by
/// stack would serve only this purpose.
final class PurgeStacks {
  private static final int OWNERS_PER_PAGE = 100;

  private static final String STACK =
      "select id from runhook.stack where slug is null order by id limit 1 for update skip locked";

  private static final String RUNS =
      """
      select id from runhook.run where stack_id = :stack
      order by created_at, id limit :owners for update skip locked
      """;

  private static final String WEBHOOKS =
      """
      select id from runhook.webhook
      where stack_id = :stack and not exists (select 1 from runhook.run where stack_id = :stack)
      order by id limit :owners for update skip locked
      """;

  private static final String OPEN_OF_RUNS =
      """
      select q.id, q.event_id from runhook.delivery_queue q where q.run_id = any (:ids) limit :limit
      """;

  private static final String OPEN_OF_WEBHOOKS =
      """
      select q.id, q.event_id from runhook.delivery_queue q
      where q.run_id is null and q.webhook_id = any (:ids) limit :limit
      """;

  private static final String FINISHED =
      """
      select d.id, d.event_id from runhook.delivery d where coalesce(d.run_id, d.webhook_id) = any (:ids) limit :limit
      """;

  private static final String EVENTS_OF_RUNS =
      "select e.id from runhook.event e where e.run_id = any (:ids) limit :limit";

  private static final String REPLAYED =
      """
      delete from runhook.replay_delivery where (replay_id, delivery_id) in (
        select c.replay_id, c.delivery_id from runhook.replay r join runhook.replay_delivery c on c.replay_id = r.id
        where r.webhook_id = any (:ids) limit :limit)
      """;

  private static final String DELETE_STACK =
      """
      delete from runhook.stack s
      where s.id = :stack and not exists (select 1 from runhook.run where stack_id = s.id)
        and not exists (select 1 from runhook.webhook where stack_id = s.id)
      """;

  private final TransactionScope transaction;
  private final int limit;

  /// @param limit the maximum number of deliveries, and of events, on a page
  PurgeStacks(TransactionScope transaction, int limit) {
    this.transaction = transaction;
    this.limit = limit;
  }

  private record Row(UUID id, UUID event) {}

  /// Returns whether there were rows to remove that no other transaction has locked.
  boolean removePage() {
    Optional<UUID> stack = transaction.query(STACK).mapTo(UUID.class).findOne();
    return stack.isPresent() && removePage(stack.get());
  }

  private boolean removePage(UUID stack) {
    List<UUID> runs = owners(RUNS, stack).mapTo(UUID.class).list();
    if (!runs.isEmpty()) {
      removeRuns(runs);
      return true;
    }
    List<UUID> webhooks = owners(WEBHOOKS, stack).mapTo(UUID.class).list();
    if (!webhooks.isEmpty()) {
      removeWebhooks(webhooks);
      return true;
    }
    return transaction.update(DELETE_STACK).bind("stack", stack).execute() > 0;
  }

  private Query owners(String sql, UUID stack) {
    return transaction.unpreparedQuery(sql).bind("stack", stack).bind("owners", OWNERS_PER_PAGE);
  }

  private void removeRuns(List<UUID> runs) {
    List<Row> deliveries = removeDeliveries(transaction.unpreparedQuery(OPEN_OF_RUNS), runs);
    List<UUID> events =
        bind(transaction.unpreparedQuery(EVENTS_OF_RUNS), runs)
            .bind("limit", limit)
            .mapTo(UUID.class)
            .list();
    removeEvents(events);
    if (deliveries.size() < limit && events.size() < limit) {
      remove("run", "id", runs);
    }
  }

  private void removeWebhooks(List<UUID> webhooks) {
    List<Row> deliveries =
        removeDeliveries(transaction.unpreparedQuery(OPEN_OF_WEBHOOKS), webhooks);
    removeEvents(deliveries.stream().map(Row::event).distinct().toList());
    int replayed =
        bind(transaction.unpreparedUpdate(REPLAYED), webhooks).bind("limit", limit).execute();
    if (deliveries.size() < limit && replayed < limit) {
      remove("webhook", "id", webhooks);
    }
  }

  /// Removes open deliveries first. One that finishes before its row is locked is then found among
  /// the finished ones.
  private List<Row> removeDeliveries(Query open, List<UUID> owners) {
    List<Row> removed = new ArrayList<>(rows(bind(open, owners).bind("limit", limit)));
    remove("delivery_queue", "id", ids(removed));
    List<Row> finished =
        rows(
            bind(transaction.unpreparedQuery(FINISHED), owners)
                .bind("limit", limit - removed.size()));
    remove("delivery", "id", ids(finished));
    removed.addAll(finished);
    remove("attempt", "delivery_id", ids(removed));
    return removed;
  }

  private void removeEvents(List<UUID> events) {
    remove("skipped_delivery", "event_id", events);
    remove("event", "id", events);
  }

  /// @param column the column by which the table may be partitioned
  private void remove(String table, String column, List<UUID> ids) {
    if (ids.isEmpty()) {
      return;
    }
    List<UUID> sorted = ids.stream().sorted(comparing(UUID::toString)).toList();
    bind(
            transaction.unpreparedUpdate(
                """
                delete from runhook.%1$s where %2$s = any (:ids) and %2$s between :first and :last
                """
                    .formatted(table, column)),
            sorted)
        .bind("first", sorted.getFirst())
        .bind("last", sorted.getLast())
        .execute();
  }

  private static <S extends SqlStatement<S>> S bind(S statement, List<UUID> ids) {
    return UnnestParameters.bindIds("ids", ids, statement);
  }

  private static List<Row> rows(Query query) {
    return query
        .map((row, ignored) ->
            new Row(row.getObject("id", UUID.class), row.getObject("event_id", UUID.class)))
        .list();
  }

  private static List<UUID> ids(List<Row> rows) {
    return rows.stream().map(Row::id).toList();
  }
}
