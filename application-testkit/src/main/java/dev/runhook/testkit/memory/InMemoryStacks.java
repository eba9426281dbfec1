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
    boolean isNew = !unit.database().stacks.contains(stack.id());
    unit.database().stacks.put(stack.id(), stack);
    return isNew;
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
        unit.database().stacks.keys().stream().filter(id -> id.account().equals(account)).count();
  }

  @Override
  public Optional<Stack> find(StackId id) {
    return unit.database().stacks.find(id);
  }

  @Override
  public Map<StackId, Stack> findAll(Collection<StackId> ids) {
    Map<StackId, Stack> found = new HashMap<>();
    ids.forEach(id -> find(id).ifPresent(stack -> found.put(id, stack)));
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
    InMemoryDatabase database = unit.database();
    database.deletedWebhooks.removeIf((ignored, it) -> it.webhook().stack().equals(id));
    Set<WebhookId> webhooks =
        database.webhooks.values().stream()
            .filter(webhook -> webhook.stack().equals(id))
            .map(webhook -> webhook.id())
            .collect(Collectors.toSet());
    database.deliveries.removeIf(
        (ignored, row) -> webhooks.contains(row.webhook()) || row.isOnStack(id));
    database.skippedDeliveries.removeIf((skip, ignored) -> webhooks.contains(skip.webhook()));
    database.webhooks.removeIf((webhook, ignored) -> webhooks.contains(webhook));
    database.revisions.removeIf((key, ignored) -> webhooks.contains(key.webhook()));
    database.lastNotifiedVersions.removeIf((key, ignored) -> webhooks.contains(key.webhook()));
    database.events.removeIf((ignored, it) -> it.event().stack().id().equals(id));
    database.transitions.removeIf((key, ignored) -> key.run().stack().equals(id));
    database.recordedTimes.removeIf((key, ignored) -> key.run().stack().equals(id));
    database.runs.removeIf((run, ignored) -> run.stack().equals(id));
    return database.stacks.remove(id);
  }

  private void lockAll(StackId id) {
    unit.lockRow(id);
    unit.database().runs.keys().stream()
        .filter(run -> run.stack().equals(id))
        .sorted(comparing(RunId::toString))
        .toList()
        .forEach(unit::lock);
    unit.database().webhooks.values().stream()
        .filter(webhook -> webhook.stack().equals(id))
        .sorted(comparing(webhook -> webhook.id().value()))
        .toList()
        .forEach(webhook -> unit.lock(webhook.id()));
    unit.database().openDeliveries().filter(row -> row.isOnStack(id)).toList().forEach(unit::lock);
  }

  @Override
  public boolean purge(int limit) {
    return false; // delete has removed everything
  }
}
