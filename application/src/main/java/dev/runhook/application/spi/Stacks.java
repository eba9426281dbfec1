package dev.runhook.application.spi;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/// The stacks of all accounts.
public interface Stacks {
  /// Adds or replaces the stack.
  ///
  /// @return whether the stack is new
  boolean save(Stack stack);

  /// Counts the stacks of the account, and locks the count until the unit ends, so that concurrent
  /// units cannot exceed a limit together. Call this after saving a new stack.
  int lockAndCount(AccountId account);

  /// Finds the stack and locks it until the unit ends.
  Optional<Stack> findForUpdate(StackId id);

  /// Finds the stack without locking it.
  Optional<Stack> find(StackId id);

  /// Returns the given stacks, and omits unknown ids.
  Map<StackId, Stack> findAll(Collection<StackId> ids);

  /// Returns the account's stacks in the scope, ordered by slug.
  Page<Stack> list(AccountId account, StackScope stackScope, PageRequest page);

  /// Returns all stacks of the account as [#list] does, and keeps them from being deleted until the
  /// unit ends.
  Page<Stack> lockAndList(AccountId account, PageRequest page);

  /// Deletes the stack with its runs, webhooks, events, and open and finished deliveries. From now
  /// on nothing of it is found or claimed, and its id is free. This takes as long for a stack with
  /// millions of deliveries as for an empty one, because their rows stay until [#purge].
  ///
  /// @return whether the stack existed
  boolean delete(StackId id);

  /// Removes a page of the rows of deleted stacks. Skips rows that another unit has locked.
  ///
  /// @param limit the maximum number of deliveries, and of events
  /// @return whether rows were removed, so that the next call may remove more
  boolean purge(int limit);
}
