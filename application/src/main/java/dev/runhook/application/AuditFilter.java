package dev.runhook.application;

import static java.util.Optional.empty;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditEvent;
import java.time.Instant;
import java.util.Optional;

/// Selects audit events. Absent criteria match everything.
///
/// @param stackScope limits the events to those of the stacks in the scope; events without a stack
///   match only if the scope has all stacks
/// @param actor a name, or the id of a token
/// @param stack the slug of a stack
/// @param from the earliest time, inclusive
/// @param to the latest time, exclusive
public record AuditFilter(
    AccountId account,
    StackScope stackScope,
    Optional<String> actor,
    Optional<AuditAction> action,
    Optional<String> stack,
    Optional<Instant> from,
    Optional<Instant> to) {
  public static AuditFilter of(AccountId account, StackScope stackScope) {
    return new AuditFilter(account, stackScope, empty(), empty(), empty(), empty(), empty());
  }

  public boolean matches(AuditEvent event) {
    return event.account().equals(account)
        && isInScope(event)
        && actor.map(name -> isBy(event, name)).orElse(true)
        && action.map(event.action()::equals).orElse(true)
        && stack.map(slug -> event.stack().equals(Optional.of(slug))).orElse(true)
        && from.map(first -> !event.occurredAt().isBefore(first)).orElse(true)
        && to.map(end -> event.occurredAt().isBefore(end)).orElse(true);
  }

  private boolean isInScope(AuditEvent event) {
    return switch (stackScope) {
      case StackScope.All() -> true;
      case StackScope.Only(var stacks) -> event.stack().filter(stacks::contains).isPresent();
    };
  }

  private static boolean isBy(AuditEvent event, String nameOrToken) {
    return event.actor().equals(nameOrToken)
        || event.token().filter(token -> token.toString().equals(nameOrToken)).isPresent();
  }
}
