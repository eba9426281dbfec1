package dev.runhook.persistence.run;

import dev.runhook.domain.run.StackId;
import dev.runhook.persistence.jdbi.TransactionScope;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Deletes a stack with everything that belongs to it. Locks are taken in the global order: stack,
/// run, webhook, delivery.
final class DeleteStack {
  private static final String LOCK =
      "select id from runhook.stack where account = :account and slug = :slug for update";

  /// The parameter of each statement is `:stack`. Events are found through other tables, because an
  /// index of events by stack would serve only this.
  private static final List<String> STATEMENTS =
      List.of(
          "select id from runhook.run where stack_id = :stack order by id for update",
          "select id from runhook.webhook where stack_id = :stack order by id for update",
          """
          with deleted as (
            select event_id from runhook.transition
            where run_id in (select id from runhook.run where stack_id = :stack)
            union
            select event_id from runhook.all_deliveries
            where webhook_id in (select id from runhook.webhook where stack_id = :stack)
          ), skipped as (
            delete from runhook.skipped_delivery where event_id in (select event_id from deleted)
          )
          delete from runhook.event where id in (select event_id from deleted)
          """,
          """
          delete from runhook.attempt where delivery_id in (
            select id from runhook.all_deliveries
            where webhook_id in (select id from runhook.webhook where stack_id = :stack))
          """,
          """
          delete from runhook.delivery_queue
          where webhook_id in (select id from runhook.webhook where stack_id = :stack)
          """,
          """
          delete from runhook.delivery
          where webhook_id in (select id from runhook.webhook where stack_id = :stack)
          """,
          """
          delete from runhook.transition
          where run_id in (select id from runhook.run where stack_id = :stack)
          """,
          "delete from runhook.webhook where stack_id = :stack",
          "delete from runhook.run where stack_id = :stack",
          "delete from runhook.stack where id = :stack");

  private final TransactionScope transaction;

  DeleteStack(TransactionScope transaction) {
    this.transaction = transaction;
  }

  /// Returns whether the stack existed.
  boolean delete(StackId stack) {
    Optional<UUID> locked =
        transaction
            .query(LOCK)
            .bind("account", stack.account().name())
            .bind("slug", stack.slug())
            .mapTo(UUID.class)
            .findOne();
    locked.ifPresent(id ->
        STATEMENTS.forEach(sql -> transaction.unpreparedUpdate(sql).bind("stack", id).execute()));
    return locked.isPresent();
  }
}
