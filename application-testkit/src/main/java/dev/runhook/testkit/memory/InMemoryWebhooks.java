package dev.runhook.testkit.memory;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.Webhooks;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Interruption;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.testkit.memory.InMemoryDatabase.DeletedWebhook;
import dev.runhook.testkit.memory.InMemoryDatabase.RevisionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;

final class InMemoryWebhooks implements Webhooks {
  private final InMemoryUnitOfWork unit;

  InMemoryWebhooks(InMemoryUnitOfWork unit) {
    this.unit = unit;
  }

  @Override
  public boolean add(Webhook webhook) {
    unit.lock(webhook.id());
    unit.database().requireStack(webhook.stack());
    if (hasDuplicateEndpoint(webhook)) {
      return false;
    }
    addRevision(webhook);
    return unit.database().webhooks.add(webhook.id(), webhook);
  }

  @Override
  public int lockAndCount(StackId stack) {
    unit.database().requireStack(stack);
    return (int) onStack(stack).stream().filter(webhook -> webhook.source().isEmpty()).count();
  }

  @Override
  public int lockAndCount(AccountId account) {
    return (int)
        unit.database().webhooks.values().stream()
            .filter(webhook -> webhook.stack().account().equals(account))
            .filter(webhook -> webhook.source().isEmpty())
            .count();
  }

  @Override
  public boolean save(Webhook webhook) {
    unit.requireLocked(webhook.id());
    if (hasDuplicateEndpoint(webhook)) {
      return false;
    }
    addRevision(webhook);
    addInterruption(webhook);
    return unit.database().webhooks.update(webhook.id(), ignored -> webhook);
  }

  private void addRevision(Webhook webhook) {
    RevisionKey key = new RevisionKey(webhook.id(), webhook.revision());
    unit.database().revisions.add(key, webhook.currentRevision());
  }

  private void addInterruption(Webhook updated) {
    unit.database()
        .webhooks
        .find(updated.id())
        .flatMap(old -> Interruption.endedBy(old.health(), updated.health(), unit.now()))
        .ifPresent(ended -> {
          List<Interruption> all = new ArrayList<>(unit.database().interruptionsOf(updated.id()));
          all.add(ended);
          unit.database().interruptions.put(updated.id(), List.copyOf(all));
        });
  }

  private boolean hasDuplicateEndpoint(Webhook webhook) {
    return webhook.source().isEmpty()
        && onStack(webhook.stack()).stream()
            .filter(other -> !other.id().equals(webhook.id()) && other.source().isEmpty())
            .anyMatch(other -> other.settings().endpoint().equals(webhook.settings().endpoint()));
  }

  @Override
  public boolean delete(StackId stack, WebhookId id) {
    Optional<Webhook> found = find(stack, id);
    if (found.isEmpty()) {
      return false;
    }
    unit.database().webhooks.remove(id);
    Webhook deleted =
        withoutSecrets(found.get().withHealth(new Health.Disabled(unit.now(), Optional.empty())));
    unit.database().deletedWebhooks.put(id, new DeletedWebhook(deleted, unit.now()));
    unit.database()
        .lastNotifiedVersions
        .removeIf((key, ignored) -> key.webhook().equals(id) && unit.tryLockRow(key.run()));
    unit.database()
        .openDeliveries()
        .filter(row -> row.webhook().equals(id) && unit.tryLock(row))
        .toList()
        .forEach(row -> unit.database().put(row.withState(row.state().discarded())));
    return true;
  }

  /// Returns a deleted webhook as it is stored.
  static Webhook withoutSecrets(Webhook webhook) {
    WebhookSettings old = webhook.settings();
    return new Webhook(
        webhook.id(),
        webhook.owner(),
        new WebhookSettings(
            old.endpoint(),
            old.name(),
            old.externalId(),
            old.subscription(),
            CustomHeaders.none(),
            old.delivery()),
        webhook.revision(),
        SigningKeys.of(SigningSecret.undecryptable("the webhook is deleted")),
        webhook.health(),
        webhook.createdAt(),
        webhook.updatedAt(),
        Optional.empty());
  }

  @Override
  public boolean exists(StackId stack, WebhookId id) {
    return find(stack, id).isPresent()
        || unit.database()
            .deletedWebhooks
            .find(id)
            .filter(deleted -> deleted.webhook().stack().equals(stack))
            .isPresent();
  }

  @Override
  public Optional<Webhook> find(AccountId account, WebhookId id) {
    return unit.database()
        .webhooks
        .find(id)
        .filter(webhook -> webhook.stack().account().equals(account));
  }

  @Override
  public Optional<Webhook> findForUpdate(StackId stack, WebhookId id) {
    unit.lock(id);
    return find(stack, id);
  }

  @Override
  public Page<Webhook> list(
      AccountId account, StackScope stackScope, Optional<String> externalId, PageRequest page) {
    return list(
        page,
        webhook ->
            webhook.stack().account().equals(account)
                && stackScope.includes(webhook.stack().slug())
                && externalId.filter(id -> !id.equals(webhook.settings().externalId())).isEmpty());
  }

  @Override
  public Page<Webhook> list(PageRequest page) {
    return list(page, webhook -> true);
  }

  private Page<Webhook> list(PageRequest page, Predicate<Webhook> condition) {
    List<Webhook> found =
        unit.database().webhooks.values().stream()
            .filter(condition)
            .filter(unit.database()::isListed)
            .sorted(comparing(webhook -> webhook.id().value()))
            .toList();
    return KeysetPages.ascending(found, page, webhook -> webhook.id().value(), UUID::fromString);
  }

  @Override
  public Map<StackId, List<Webhook>> findByStacks(Collection<StackId> stacks) {
    return Set.copyOf(stacks).stream().collect(Collectors.toMap(stack -> stack, this::onStack));
  }

  @Override
  public Map<StackId, List<Webhook>> findSubscribers(Collection<StackId> stacks) {
    return unit.database().webhooks.values().stream()
        .filter(webhook -> stacks.contains(webhook.stack()))
        .filter(webhook -> webhook.settings().subscription().wantsOperationalEvents())
        .sorted(comparing(webhook -> webhook.id().value()))
        .collect(Collectors.groupingBy(Webhook::stack));
  }

  private List<Webhook> onStack(StackId stack) {
    return unit.database().webhooks.values().stream()
        .filter(webhook -> webhook.stack().equals(stack))
        .sorted(comparing(webhook -> webhook.id().value()))
        .toList();
  }

  @Override
  public LockedWebhooks findForHealthUpdate(Set<WebhookId> failed, Set<WebhookId> successful) {
    List<Webhook> locked = new ArrayList<>(unit.database().webhooks.values());
    locked.removeIf(webhook ->
        !failed.contains(webhook.id())
            && !(successful.contains(webhook.id()) && !webhook.health().isProven()));
    Set<WebhookId> busy =
        locked.stream()
            .map(Webhook::id)
            .filter(id -> !unit.tryLock(id))
            .collect(Collectors.toSet());
    locked.removeIf(webhook -> busy.contains(webhook.id()));
    return new LockedWebhooks(locked, busy);
  }

  @Override
  public void saveHealth(Collection<Webhook> webhooks) {
    for (Webhook updated : webhooks) {
      unit.requireLocked(updated.id());
      addInterruption(updated);
      unit.database().webhooks.update(updated.id(), old -> old.withHealth(updated.health()));
      if (!(updated.health() instanceof Health.Active)
          || updated.health().consecutiveFailures() > 0) {
        unit.database().lastFailures.put(updated.id(), unit.now());
      }
    }
  }

  @Override
  public List<LaggingWebhook> markLagging(Duration lag, int limit) {
    Rows<WebhookId, Boolean> marked = unit.database().laggingWebhooks;
    marked.removeIf((id, ignored) -> findDueSince(id, lag.dividedBy(2)).isEmpty());
    List<LaggingWebhook> found =
        unit.database().webhooks.values().stream()
            .filter(webhook -> webhook.health() instanceof Health.Active)
            .filter(webhook -> !webhook.settings().subscription().wantsOperationalEvents())
            .filter(webhook -> !marked.contains(webhook.id()) && unit.tryLock(webhook.id()))
            .filter(webhook ->
                onStack(webhook.stack()).stream()
                    .anyMatch(other -> wants(other, Event.Kind.QUEUE_LAGGING)))
            .sorted(comparing(webhook -> webhook.id().value()))
            .flatMap(webhook ->
                findDueSince(webhook.id(), lag).stream()
                    .map(dueSince -> new LaggingWebhook(webhook, dueSince)))
            .limit(limit)
            .toList();
    found.forEach(each -> marked.add(each.webhook().id(), true));
    return found;
  }

  private static boolean wants(Webhook webhook, Event.Kind kind) {
    return webhook.settings().subscription().events().contains(kind);
  }

  /// Returns when the oldest delivery became due that is due for at least this time and not leased.
  private Optional<Instant> findDueSince(WebhookId webhook, Duration lag) {
    Instant latest = unit.now().minus(lag);
    return unit.database()
        .openDeliveries()
        .filter(row -> row.webhook().equals(webhook))
        .map(DeliveryRow::state)
        .filter(state -> state.isDue(latest) && !state.isLeased(unit.now()))
        .flatMap(state -> state.due().stream())
        .min(naturalOrder());
  }

  @Override
  public void saveFormatErrors(Collection<Webhook> webhooks) {
    for (Webhook updated : webhooks) {
      if (!unit.tryLock(updated.id())) {
        continue;
      }
      unit.database()
          .webhooks
          .update(
              updated.id(),
              old ->
                  old.settings().delivery().rendersLike(updated.settings().delivery())
                      ? old.withFormatError(updated.formatError())
                      : old);
    }
  }
}
