package dev.runhook.application;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditEntry;
import dev.runhook.domain.audit.Deed;
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
    Reach within,
    Optional<String> actor,
    Optional<AuditAction> action,
    Optional<String> stack,
    Optional<Instant> from,
    Optional<Instant> to) {
  public static AuditFilter of(AccountId account, Reach within) {
    return new AuditFilter(
        account,
        within,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public boolean lets(AuditEntry entry) {
    Deed deed = entry.deed();
    return deed.account().equals(account)
        && reaches(deed)
        && actor.map(who -> isBy(entry, who)).orElse(true)
        && action.map(deed.action()::equals).orElse(true)
        && stack.map(slug -> deed.stack().equals(Optional.of(slug))).orElse(true)
        && from.map(first -> !entry.at().isBefore(first)).orElse(true)
        && to.map(end -> entry.at().isBefore(end)).orElse(true);
  }

  private boolean reaches(Deed deed) {
    return switch (within) {
      case Reach.AllStacks() -> true;
      case Reach.SomeStacks(var stacks) -> deed.stack().filter(stacks::contains).isPresent();
    };
  }

  private static boolean isBy(AuditEntry entry, String who) {
    return entry.actor().equals(who)
        || entry.token().filter(token -> token.toString().equals(who)).isPresent();
  }
}
