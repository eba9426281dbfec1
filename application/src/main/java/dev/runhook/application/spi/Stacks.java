package dev.runhook.application.spi;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/// The stacks of all accounts.
public interface Stacks {
  /// Adds the stack or puts it in the place of the one with its id; says whether it is new.
  boolean save(Stack stack);

  /// The stack, unlocked.
  Optional<Stack> find(StackId id);

  /// Those of the asked-for that exist.
  Map<StackId, Stack> findAll(Collection<StackId> ids);

  /// The account's stacks within reach, by slug.
  Page<Stack> list(AccountId account, StackScope stackScope, PageRequest page);

  /// Deletes the stack with its runs, webhooks, events and deliveries, open and finished; says
  /// whether it was there.
  boolean delete(StackId id);
}
