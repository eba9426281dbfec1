package dev.runhook.persistence.queue;

import static dev.runhook.persistence.jdbi.SqlValues.define;

import dev.runhook.application.spi.delivery.Deliveries.LaneKey;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Ends open deliveries that a user cancels or a later transition replaces, and those that cannot
/// be sent, which fail: those of deleted webhooks, and those whose event is gone. Skips deliveries
/// that another transaction has locked, because it finishes them or adds to their lanes. What it
/// skips of deleted webhooks, and what a transaction adds that has not seen the deletion, is ended
/// by a later call of [#endRemaining].
public final class EndOpenDeliveries {
  private static final String DELETE =
      """
      delete from runhook.delivery_queue q
      where q.id = any (array(
        select o.id from runhook.webhook w cross join lateral (
          select o.id from runhook.delivery_queue o where PART limit :limit for update skip locked) o
        where w.id = any (:webhooks) limit :limit))
      returning q.*
      """;

  /// The order makes PostgreSQL use the index of waiting deliveries.
  private static final String DELETE_WAITING =
      DELETE.transform(
          define(
              "PART",
              """
              o.due_at is null and (o.webhook_id, o.id) >= (w.id, '00000000-0000-0000-0000-000000000000')
                and (o.webhook_id, o.id) <= (w.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
              order by o.webhook_id, o.id\
              """));

  private static final String DELETE_HEADS =
      DELETE.transform(
          define(
              "PART",
              "o.webhook_id = w.id and o.due_at is not null and o.leased_until is null order by o.due_at"));

  private static final String DELETE_LEASED_HEADS =
      DELETE.transform(
          define(
              "PART",
              "o.webhook_id = w.id and o.leased_until is not null order by o.leased_until"));

  /// The attempt of the lease is not made.
  private static final String DELETE_LEASED =
      """
      delete from runhook.delivery_queue q
      where q.id = any (array(
        select o.id from runhook.delivery_queue o where o.id = any (:ids) order by o.id for update skip locked))
      returning COLUMNS, subject_id
      """
          .transform(
              define(
                  "COLUMNS",
                  QueueRow.COLUMNS.transform(define("attempts", "attempts - 1 as attempts"))));

  private static final String DELETE_WAITING_BY_ID =
      """
      delete from runhook.delivery_queue q
      where q.id = any (array(
        select o.id from runhook.delivery_queue o where o.id = any (:ids) and o.leased_until is null
        order by o.id for update skip locked))
      returning q.*
      """;

  private static final String ADD_CANCELED =
      """
      insert into runhook.delivery (COLUMNS, status, canceled_by, cancel_reason)
      select COLUMNS, 'CANCELED', :by, :reason from unnest(ARRAYS) as n (COLUMNS)
      """
          .transform(define("COLUMNS", QueueRow.COLUMNS))
          .transform(define("ARRAYS", QueueRow.ARRAYS));

  private static final String ADD_FAILED =
      """
      insert into runhook.delivery (COLUMNS, status) select COLUMNS, 'FAILED' from unnest(ARRAYS) as n (COLUMNS)
      """
          .transform(define("COLUMNS", QueueRow.COLUMNS))
          .transform(define("ARRAYS", QueueRow.ARRAYS));

  /// What belongs to deleted stacks is deleted instead. What is leased is found when its lease has
  /// ended.
  private static final String DELETED_WEBHOOKS =
      """
      select w.id from runhook.webhook w join runhook.stack s on s.id = w.stack_id and s.slug is not null
      where w.deleted_at is not null
        and (
          select true from runhook.delivery_queue q
          where q.webhook_id = w.id and q.due_at is not null and q.leased_until is null
          order by q.due_at limit 1)
      order by w.id limit :limit
      """;

  private final TransactionScope transaction;

  public EndOpenDeliveries(TransactionScope transaction) {
    this.transaction = transaction;
  }

  /// Ends deliveries of these webhooks, those behind a head first.
  ///
  /// @param limit how many to end at most
  /// @return how many it has ended
  public int end(Collection<UUID> webhooks, int limit) {
    int ended = 0;
    for (String delete : List.of(DELETE_WAITING, DELETE_HEADS, DELETE_LEASED_HEADS)) {
      ended += ended < limit ? end(delete, webhooks, limit - ended) : 0;
    }
    return ended;
  }

  private int end(String sql, Collection<UUID> webhooks, int limit) {
    List<QueueRow> ended =
        UnnestParameters.bindIds("webhooks", webhooks, transaction.unpreparedQuery(sql))
            .bind("limit", limit)
            .map((row, ignored) -> QueueRow.read(row))
            .list();
    addFailed(ended);
    return ended.size();
  }

  /// Ends deliveries that this transaction has leased and cannot send. Returns their lanes, which
  /// have no head now.
  public Set<LaneKey> endLeased(Collection<UUID> deliveries) {
    transaction.rowIds().forgetRuns();
    List<QueueRow> ended = delete(DELETE_LEASED, deliveries);
    addFailed(ended);
    return ended.stream().flatMap(row -> row.lane().stream()).collect(Collectors.toSet());
  }

  private List<QueueRow> delete(String sql, Collection<UUID> deliveries) {
    return UnnestParameters.bindIds("ids", deliveries, transaction.unpreparedQuery(sql))
        .map((row, ignored) -> QueueRow.read(row))
        .list();
  }

  /// Cancels deliveries whose runs, or affected webhooks, this transaction has locked, unless they
  /// are leased.
  ///
  /// @param by the name of a user
  /// @return what it has canceled; their lanes may have no head now
  public List<QueueRow> cancel(Collection<UUID> deliveries, String by, String reason) {
    List<QueueRow> ended = delete(DELETE_WAITING_BY_ID, deliveries);
    addCanceled(ended, SqlValues.replaceNul(by), SqlValues.replaceNul(reason));
    return ended;
  }

  /// Adds what a later transition replaces to the finished deliveries.
  public void addReplaced(List<QueueRow> replaced) {
    addCanceled(replaced, null, null);
  }

  private void addCanceled(List<QueueRow> ended, @Nullable String by, @Nullable String reason) {
    if (!ended.isEmpty()) {
      QueueRow.parameters(ended)
          .bindTo(transaction.update(ADD_CANCELED))
          .bind("by", by)
          .bind("reason", reason)
          .execute();
    }
  }

  private void addFailed(List<QueueRow> ended) {
    if (!ended.isEmpty()) {
      QueueRow.parameters(ended).bindTo(transaction.update(ADD_FAILED)).execute();
    }
  }

  /// Ends deliveries that are open although their webhooks were deleted.
  ///
  /// @param limit how many to end at most
  /// @return how many it has ended
  public int endRemaining(int limit) {
    List<UUID> webhooks =
        transaction.unpreparedQuery(DELETED_WEBHOOKS).bind("limit", limit).mapTo(UUID.class).list();
    return webhooks.isEmpty() ? 0 : end(webhooks, limit);
  }
}
