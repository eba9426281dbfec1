package dev.runhook.application;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditEvent;
import dev.runhook.domain.audit.AuditedAction;
import java.time.Instant;
import java.util.Optional;

/// Which entries of the audit are asked for; an absent part lets all through.
///
/// @param within only what was done on stacks that it includes; what was done on no stack is there
///   for all stacks alone
/// @param actor a name, or the id of a token
/// @param stack the slug of the stack that it was done on
/// @param from the earliest instant, inclusive
/// @param to the latest instant, exclusive
public record AuditFilter(
    AccountId account,
    StackScope stackScope,
    Optional<String> actor,
    Optional<AuditAction> action,
    Optional<String> stack,
    Optional<Instant> from,
    Optional<Instant> to) {
  public static AuditFilter of(AccountId account, StackScope within) {
    return new AuditFilter(
        account,
        within,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public boolean matches(AuditEvent entry) {
    AuditedAction auditedAction = entry.audited();
    return auditedAction.account().equals(account)
        && reaches(auditedAction)
        && actor.map(who -> isBy(entry, who)).orElse(true)
        && action.map(auditedAction.action()::equals).orElse(true)
        && stack.map(slug -> auditedAction.stack().equals(Optional.of(slug))).orElse(true)
        && from.map(first -> !entry.occurredAt().isBefore(first)).orElse(true)
        && to.map(end -> entry.occurredAt().isBefore(end)).orElse(true);
  }

  private boolean reaches(AuditedAction auditedAction) {
    return switch (stackScope) {
      case StackScope.All() -> true;
      case StackScope.Only(var stacks) ->
          auditedAction.stack().filter(stacks::contains).isPresent();
    };
  }

  private static boolean isBy(AuditEvent entry, String who) {
    return entry.actor().equals(who)
        || entry.token().filter(token -> token.toString().equals(who)).isPresent();
  }
}
