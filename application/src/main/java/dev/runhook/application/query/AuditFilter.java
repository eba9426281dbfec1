package dev.runhook.application.query;

import static java.util.Optional.empty;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.audit.AuditAction;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// Selects audit events. Absent criteria match everything.
///
/// @param stackScope limits the events to those of the stacks in the scope; events without a stack
///   match only if the scope has all stacks
/// @param actor a name, or the id of a token
/// @param stack the slug of a stack
/// @param resource the id of a webhook, delivery or token
/// @param from the earliest time, inclusive
/// @param to the latest time, exclusive
public record AuditFilter(
    AccountId account,
    StackScope stackScope,
    Optional<String> actor,
    Optional<AuditAction> action,
    Optional<String> stack,
    Optional<UUID> resource,
    Optional<Instant> from,
    Optional<Instant> to) {
  public static AuditFilter of(AccountId account, StackScope stackScope) {
    return new AuditFilter(
        account, stackScope, empty(), empty(), empty(), empty(), empty(), empty());
  }
}
