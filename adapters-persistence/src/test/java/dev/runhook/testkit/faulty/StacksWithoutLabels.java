package dev.runhook.testkit.faulty;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.Stacks;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A store of stacks that forgets their labels.
record StacksWithoutLabels(Stacks correct) implements Stacks {
  @Override
  public boolean save(Stack stack) {
    return correct.save(
        new Stack(
            stack.id(),
            stack.name(),
            stack.description(),
            List.of(),
            stack.url(),
            stack.repository()));
  }

  @Override
  public int lockAndCount(AccountId account) {
    return correct.lockAndCount(account);
  }

  @Override
  public Optional<Stack> findForUpdate(StackId id) {
    return correct.findForUpdate(id);
  }

  @Override
  public Optional<Stack> find(StackId id) {
    return correct.find(id);
  }

  @Override
  public Map<StackId, Stack> findAll(Collection<StackId> ids) {
    return correct.findAll(ids);
  }

  @Override
  public Page<Stack> list(AccountId account, StackScope stackScope, PageRequest page) {
    return correct.list(account, stackScope, page);
  }

  @Override
  public Page<Stack> lockAndList(AccountId account, PageRequest page) {
    return correct.lockAndList(account, page);
  }

  @Override
  public boolean delete(StackId id) {
    return correct.delete(id);
  }

  @Override
  public boolean purge(int limit) {
    return correct.purge(limit);
  }
}
