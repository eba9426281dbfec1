package dev.runhook.application.webhook;

import static java.time.temporal.ChronoUnit.MILLIS;

import dev.runhook.application.outbox.CatchUp;
import dev.runhook.application.outbox.OperationalEvents;
import dev.runhook.application.outbox.WebhookChange;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.domain.event.Event.OperationalEvent.Cause;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.CopySource;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookCopy;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookOwner.SelectorOwner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Creates, updates and deletes the copies of account webhooks on stacks. A copy that no longer
/// matches is kept, without new events. The units that do this lock the account webhooks of the
/// account.
public final class AccountWebhookCopies {
  private static final PageRequest FIRST_STACKS =
      new PageRequest(PageRequest.MAX_LIMIT, Optional.empty());

  private final IdGenerator ids;
  private final OperationalEvents operationalEvents;

  public AccountWebhookCopies(IdGenerator ids, PayloadRenderer renderer) {
    this.ids = ids;
    this.operationalEvents = new OperationalEvents(renderer, ids);
  }

  /// Gives a stack, which is new or has new labels, the copies that it should have. A copy that
  /// needs a missing key is added by [AccountWebhookAdmin#copyChanges] when the key is there.
  public void update(UnitOfWork unit, Stack stack) {
    update(unit, List.of(stack), unit.accountWebhooks().lockAndList(stack.id().account()));
  }

  /// Copies an account webhook to all stacks, in several transactions. If this is interrupted, it
  /// can be repeated. Handles all buckets, even if some fail. Then the first failure is thrown. The
  /// home bucket, which knows that it is not finished, is the last one.
  ///
  /// @return the account webhook, with all copies at its version
  Webhook copy(BucketRouter buckets, Webhook webhook, DispatchObserver observer) {
    Webhook copied = webhook.copied();
    List<Bucket> failed = new ArrayList<>();
    BucketRouter.forEach(
        buckets.all().reversed(),
        bucket -> {
          failed.add(bucket);
          copy(bucket, webhook, observer);
          failed.removeLast();
          if (failed.isEmpty()) {
            bucket.run(unit -> unit.accountWebhooks().put(copied));
          }
        });
    return copied;
  }

  private void copy(Bucket bucket, Webhook webhook, DispatchObserver observer) {
    bucket.run(unit -> unit.accountWebhooks().put(webhook));
    Optional<PageRequest> page = Optional.of(FIRST_STACKS);
    while (page.isPresent()) {
      PageRequest stacks = page.get();
      List<WebhookChange> changes = new ArrayList<>();
      Optional<String> next =
          bucket.inTransaction(unit -> copy(unit, webhook, stacks, changes)).next();
      changes.forEach(change -> {
        if (change.isRecovery()) {
          CatchUp.finish(bucket, change.after().id());
        }
        observer.reportHealthChange(change.before(), change.after());
      });
      page = next.map(stacks::withAfter);
    }
  }

  /// Uses the stored version of the account webhook, which may be a later one.
  private Page<Stack> copy(
      UnitOfWork unit, Webhook webhook, PageRequest page, List<WebhookChange> changes) {
    List<Webhook> stored =
        unit.accountWebhooks().lockAndList(webhook.owner().account()).stream()
            .filter(other -> other.id().equals(webhook.id()))
            .toList();
    Page<Stack> stacks = unit.stacks().lockAndList(webhook.owner().account(), page);
    changes.clear(); // the store may run the work again
    changes.addAll(update(unit, stacks.items(), stored));
    return stacks;
  }

  private List<WebhookChange> update(
      UnitOfWork unit, List<Stack> stacks, List<Webhook> accountWebhooks) {
    if (accountWebhooks.isEmpty()) {
      return List.of();
    }
    Map<StackId, List<Webhook>> existing =
        unit.webhooks().findByStacks(stacks.stream().map(Stack::id).toList());
    List<WebhookChange> changes = new ArrayList<>();
    for (Stack stack : stacks) {
      List<Webhook> webhooks = existing.getOrDefault(stack.id(), List.of());
      for (Webhook accountWebhook : accountWebhooks) {
        Optional<Webhook> copy =
            webhooks.stream().filter(it -> isCopy(it, accountWebhook.id())).findFirst();
        SelectorOwner owner = accountWebhook.selectorOwner();
        boolean selected = owner.selector().matches(stack);
        if (owner.deleted()) {
          copy.ifPresent(it -> unit.webhooks().delete(stack.id(), it.id()));
        } else if (copy.isPresent()) {
          update(unit, copy.get(), accountWebhook, selected).ifPresent(changes::add);
        } else if (selected) {
          add(unit, stack, accountWebhook);
        }
      }
    }
    CatchUp.startAfter(unit, changes);
    operationalEvents.write(
        unit,
        changes.stream()
            .flatMap(change -> OperationalEvents.of(change, Cause.USER, Optional.empty()).stream())
            .toList());
    return changes;
  }

  private void add(UnitOfWork unit, Stack stack, Webhook webhook) {
    if (webhook.decryptionErrors().isEmpty()) {
      WebhookId id = new WebhookId(ids.next());
      unit.webhooks()
          .add(WebhookCopy.create(webhook, stack.id(), id, unit.now().truncatedTo(MILLIS)));
    } else {
      unit.accountWebhooks().put(webhook.uncopied());
    }
  }

  private static boolean isCopy(Webhook webhook, WebhookId of) {
    return webhook.source().filter(source -> source.id().equals(of)).isPresent();
  }

  private static Optional<WebhookChange> update(
      UnitOfWork unit, Webhook copy, Webhook webhook, boolean selected) {
    int version = copy.source().map(CopySource::version).orElse(0);
    boolean follows =
        version < webhook.selectorOwner().version() && webhook.decryptionErrors().isEmpty();
    if (!follows && copy.isSelected() == selected) {
      return Optional.empty();
    }
    return unit.webhooks()
        .findForUpdate(copy.stack(), copy.id())
        .map(before -> {
          Webhook after =
              (follows ? WebhookCopy.update(webhook, before) : before).withSelected(selected);
          unit.webhooks().save(after);
          return new WebhookChange(before, after);
        });
  }
}
