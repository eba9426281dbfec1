package dev.runhook.testkit;

import static java.util.Comparator.comparing;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.Stacks;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Reach;
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
    return unit.tables().stacks.put(stack.id(), stack) == null;
  }

  @Override
  public Optional<Stack> find(StackId id) {
    return Optional.ofNullable(unit.tables().stacks.get(id));
  }

  @Override
  public Map<StackId, Stack> findAll(Collection<StackId> ids) {
    Map<StackId, Stack> found = new HashMap<>(unit.tables().stacks);
    found.keySet().retainAll(Set.copyOf(ids));
    return found;
  }

  @Override
  public Page<Stack> list(AccountId account, Reach reach, PageRequest page) {
    List<Stack> stacks =
        unit.tables().stacks.values().stream()
            .filter(
                stack -> stack.id().account().equals(account) && reach.includes(stack.id().slug()))
            .sorted(comparing(stack -> stack.id().slug()))
            .toList();
    return Pages.ascending(stacks, page, stack -> stack.id().slug(), Function.identity());
  }

  @Override
  public boolean delete(StackId id) {
    Tables tables = unit.tables();
    Set<WebhookId> gone =
        tables.webhooks.values().stream()
            .filter(webhook -> webhook.stack().equals(id))
            .map(webhook -> webhook.id())
            .collect(Collectors.toSet());
    tables.deliveries.values().removeIf(row -> gone.contains(row.webhook()) || row.isOn(id));
    tables.skips.removeIf(skip -> gone.contains(skip.webhook()));
    tables.webhooks.keySet().removeAll(gone);
    tables.revisions.keySet().removeIf(key -> gone.contains(key.webhook()));
    tables.told.keySet().removeIf(key -> gone.contains(key.webhook()));
    tables.events.values().removeIf(rendered -> rendered.event().stack().id().equals(id));
    tables.transitions.keySet().removeIf(key -> key.run().stack().equals(id));
    tables.recorded.keySet().removeIf(key -> key.run().stack().equals(id));
    tables.runs.keySet().removeIf(run -> run.stack().equals(id));
    return tables.stacks.remove(id) != null;
  }
}
