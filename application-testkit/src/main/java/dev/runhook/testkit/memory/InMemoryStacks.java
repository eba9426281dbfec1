package dev.runhook.testkit.memory;

import static java.util.Comparator.comparing;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.Stacks;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

final class InMemoryStacks implements Stacks {
  private final InMemoryUnitOfWork unit;

  InMemoryStacks(InMemoryUnitOfWork unit) {
    this.unit = unit;
  }

  @Override
  public boolean save(Stack stack) {
    unit.lockRow(stack.id());
    return unit.database().stacks.put(stack.id(), stack) == null;
  }

  @Override
  public Optional<Stack> findForUpdate(StackId id) {
    unit.lockRow(id);
    return find(id);
  }

  @Override
  public int lockAndCount(AccountId account) {
    unit.lockRow(account);
    return (int)
        unit.database().stacks.keySet().stream().filter(id -> id.account().equals(account)).count();
  }

  @Override
  public Optional<Stack> find(StackId id) {
    return Optional.ofNullable(unit.database().stacks.get(id));
  }

  @Override
  public Map<StackId, Stack> findAll(Collection<StackId> ids) {
    Map<StackId, Stack> found = new HashMap<>(unit.database().stacks);
    found.keySet().retainAll(Set.copyOf(ids));
    return found;
  }

  @Override
  public Page<Stack> list(AccountId account, StackScope stackScope, PageRequest page) {
    List<Stack> stacks =
        unit.database().stacks.values().stream()
            .filter(stack ->
                stack.id().account().equals(account) && stackScope.includes(stack.id().slug()))
            .sorted(comparing(stack -> stack.id().slug()))
            .toList();
    return KeysetPages.ascending(stacks, page, stack -> stack.id().slug(), Function.identity());
  }

  @Override
  public Page<Stack> lockAndList(AccountId account, PageRequest page) {
    return list(account, new StackScope.All(), page);
  }

  @Override
  public boolean delete(StackId id) {
    lockAll(id);
    InMemoryDatabase inMemoryDatabase = unit.database();
    inMemoryDatabase.deletedWebhooks.values().removeIf(it -> it.webhook().stack().equals(id));
    Set<WebhookId> webhooks =
        inMemoryDatabase.webhooks.values().stream()
            .filter(webhook -> webhook.stack().equals(id))
            .map(webhook -> webhook.id())
            .collect(Collectors.toSet());
    inMemoryDatabase
        .deliveries
        .values()
        .removeIf(row -> webhooks.contains(row.webhook()) || row.isOnStack(id));
    inMemoryDatabase.skippedDeliveries.removeIf(skip -> webhooks.contains(skip.webhook()));
    inMemoryDatabase.webhooks.keySet().removeAll(webhooks);
    inMemoryDatabase.revisions.keySet().removeIf(key -> webhooks.contains(key.webhook()));
    inMemoryDatabase
        .lastNotifiedVersions
        .keySet()
        .removeIf(key -> webhooks.contains(key.webhook()));
    inMemoryDatabase.events.values().removeIf(rendered -> rendered.event().stack().id().equals(id));
    inMemoryDatabase.transitions.keySet().removeIf(key -> key.run().stack().equals(id));
    inMemoryDatabase.recordedTimes.keySet().removeIf(key -> key.run().stack().equals(id));
    inMemoryDatabase.runs.keySet().removeIf(run -> run.stack().equals(id));
    return inMemoryDatabase.stacks.remove(id) != null;
  }

  private void lockAll(StackId id) {
    unit.lockRow(id);
    unit.database().runs.keySet().stream()
        .filter(run -> run.stack().equals(id))
        .sorted(comparing(RunId::toString))
        .toList()
        .forEach(unit::lock);
    unit.database().webhooks.values().stream()
        .filter(webhook -> webhook.stack().equals(id))
        .sorted(comparing(webhook -> webhook.id().value()))
        .toList()
        .forEach(webhook -> unit.lock(webhook.id()));
    unit.database().deliveries.values().stream()
        .filter(row -> row.isOpen() && row.isOnStack(id))
        .toList()
        .forEach(unit::lock);
  }

  @Override
  public boolean purge(int limit) {
    return false; // delete has removed everything
  }
}
