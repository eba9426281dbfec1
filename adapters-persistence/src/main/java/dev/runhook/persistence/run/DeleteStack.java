package dev.runhook.persistence.run;

import dev.runhook.domain.run.StackId;
import dev.runhook.persistence.jdbi.TransactionScope;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Deletes a stack with all that hangs on it. Locks in the usual order, stack before run before
/// webhook before delivery.
final class DeleteStack {
  /// Each takes `:stack`. Events are found by what tells of them, for nothing else needs an index
  /// of events by stack.
  private static final List<String> STEPS =
      List.of(
          "select id from runhook.run where stack_id = :stack::uuid order by id for update",
          "select id from runhook.webhook where stack_id = :stack::uuid order by id for update",
          """
          with gone as (
            select distinct event_id from runhook.transition where run_id in (select id from runhook.run where stack_id = :stack::uuid)
            union
            select event_id from runhook.all_deliveries where webhook_id in (select id from runhook.webhook where stack_id = :stack::uuid)
          ), skips as (
            delete from runhook.skipped_delivery where event_id in (select event_id from gone)
          )
          delete from runhook.event where id in (select event_id from gone)
          """,
          """
          delete from runhook.attempt where delivery_id in (
            select id from runhook.all_deliveries where webhook_id in (select id from runhook.webhook where stack_id = :stack::uuid))
          """,
          "delete from runhook.delivery_queue where webhook_id in (select id from runhook.webhook where stack_id = :stack::uuid)",
          "delete from runhook.delivery where webhook_id in (select id from runhook.webhook where stack_id = :stack::uuid)",
          "delete from runhook.transition where run_id in (select id from runhook.run where stack_id = :stack::uuid)",
          "delete from runhook.webhook where stack_id = :stack::uuid",
          "delete from runhook.run where stack_id = :stack::uuid",
          "delete from runhook.stack where id = :stack::uuid");

  private final TransactionScope transactionScope;

  DeleteStack(TransactionScope session) {
    this.transactionScope = session;
  }

  boolean delete(StackId id) {
    Optional<UUID> stack =
        transactionScope
            .query(
                "select id from runhook.stack where account = :account and slug = :slug for update")
            .bind("account", id.account().name())
            .bind("slug", id.slug())
            .mapTo(UUID.class)
            .findOne();
    stack.ifPresent(key ->
        STEPS.forEach(
            step -> transactionScope.unpreparedUpdate(step).bind("stack", key).execute()));
    return stack.isPresent();
  }
}
