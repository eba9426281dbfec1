package dev.runhook.application.webhook;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.idempotency.IdempotencyScope;
import dev.runhook.application.outbox.WebhookChange;
import dev.runhook.application.query.CopyCount;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.refusal.Require;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookOwner.SelectorOwner;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Manages the webhooks of accounts, which have a copy on each stack that their selector matches.
/// Several may have the same endpoint. A change is committed in the home bucket first and then
/// copied. If a store is unavailable, [#copyChanges] copies the rest later. Read
/// [OwnedWebhookAdmin] first.
public final class AccountWebhookAdmin extends OwnedWebhookAdmin<AccountId> {
  private static final int MAX_COPIED_AT_ONCE = 100;

  /// Longer than a process can be late with a copy.
  private static final Duration DELETED_KEPT_FOR = Duration.ofHours(1);

  private final BucketRouter buckets;
  private final Bucket home;
  private final AccountWebhookCopies copies;

  /// Reports health changes to no observer.
  ///
  /// @param random a cryptographically strong generator, for secrets
  public AccountWebhookAdmin(
      BucketRouter buckets,
      WebhookConfig config,
      IdGenerator ids,
      InstantSource clock,
      RandomGenerator random) {
    this(buckets, config, ids, clock, random, new DispatchObserver() {});
  }

  /// @param config the limit per stack also limits the webhooks of an account
  /// @param random a cryptographically strong generator, for secrets
  public AccountWebhookAdmin(
      BucketRouter buckets,
      WebhookConfig config,
      IdGenerator ids,
      InstantSource clock,
      RandomGenerator random,
      DispatchObserver observer) {
    this(buckets, buckets.home(), new Parts(config, ids, clock, random, observer));
  }

  private AccountWebhookAdmin(BucketRouter buckets, Bucket home, Parts parts) {
    super(parts);
    this.buckets = buckets;
    this.home = home;
    this.copies = new AccountWebhookCopies(parts.ids(), parts.config().renderer());
  }

  /// Copying is idempotent.
  @Override
  public AccountWebhookAdmin within(IdempotencyScope scope) {
    return new AccountWebhookAdmin(buckets, scope.bind(buckets).home(), parts);
  }

  @Override
  Bucket bucketOf(AccountId account) {
    return home;
  }

  @Override
  SelectorOwner newOwner(AccountId account, Optional<StackSelector> selector) {
    return SelectorOwner.of(account, selector.orElseGet(StackSelector::all));
  }

  @Override
  void add(AccountId account, Webhook webhook, Consumer<UnitOfWork> alongside) {
    home.run(unit -> {
      long count =
          unit.accountWebhooks().lockAndList(account).stream()
              .filter(other -> !other.selectorOwner().deleted())
              .count();
      int max = parts.config().maxPerStack();
      if (count >= max) {
        throw new RefusedException(new Refusal.AccountQuotaExceeded("account webhooks", max));
      }
      unit.accountWebhooks().put(webhook);
      alongside.accept(unit);
    });
  }

  @Override
  Webhook require(UnitOfWork unit, AccountId account, WebhookId id) {
    return Require.accountWebhook(unit.accountWebhooks().list(account), id);
  }

  @Override
  Webhook requireForUpdate(UnitOfWork unit, AccountId account, WebhookId id) {
    return Require.accountWebhook(unit.accountWebhooks().lockAndList(account), id);
  }

  @Override
  Webhook save(UnitOfWork unit, WebhookChange change, Actor actor) {
    Webhook before = change.before();
    if (change.after().equals(withoutExpiredSecret(before))) {
      return before;
    }
    Webhook next = change.after().withVersionAfter(before);
    unit.accountWebhooks().put(next);
    return next;
  }

  @Override
  Webhook delete(UnitOfWork unit, Webhook webhook) {
    Webhook deleted = webhook.asDeleted(parts.now()).withVersionAfter(webhook);
    unit.accountWebhooks().put(deleted);
    return deleted;
  }

  @Override
  Webhook finish(WebhookChange change) {
    Webhook webhook = change.after();
    if (!isCopyable(webhook)) {
      return webhook;
    }
    try {
      Webhook copied = copies.copy(buckets, webhook, parts.observer());
      parts.config().handoff().wake();
      return copied;
    } catch (StoreUnavailableException ignored) {
      return webhook;
    }
  }

  @Override
  Page<Webhook> list(UnitOfWork unit, AccountId account, PageRequest page) {
    List<Webhook> rest =
        unit.accountWebhooks().list(account).stream()
            .filter(webhook -> !webhook.selectorOwner().deleted())
            .filter(webhook ->
                page.after()
                    .map(after -> webhook.id().toString().compareTo(after) > 0)
                    .orElse(true))
            .toList();
    return Page.of(rest, page, webhook -> webhook.id().toString());
  }

  /// Counts the copies of the account's webhooks in the buckets that are available. Webhooks
  /// without copies are missing.
  public Map<WebhookId, CopyCount> countCopies(AccountId account) {
    Map<WebhookId, CopyCount> counts = new HashMap<>();
    BucketRouter.askAvailable(
            buckets.all(), unit -> unit.accountWebhooks().countCopies(account), ignored -> {})
        .forEach(
            ofBucket -> ofBucket.forEach((id, count) -> counts.merge(id, count, CopyCount::plus)));
    return counts;
  }

  /// Finds the stacks that a selector matches now.
  public StackMatches preview(AccountId account, StackSelector selector) {
    return StackMatches.find(buckets, account, selector);
  }

  /// Copies the changes that are not copied yet, because a store was unavailable, a process ended,
  /// or a key was missing. Handles all buckets, even if some fail. Then the first failure is
  /// thrown.
  ///
  /// @return how many account webhooks were copied
  public int copyChanges() {
    Set<WebhookId> copied = new HashSet<>();
    BucketRouter.forEach(buckets.all(), bucket -> copyChanges(bucket, copied));
    return copied.size();
  }

  private void copyChanges(Bucket bucket, Set<WebhookId> copied) {
    List<Webhook> found =
        bucket.inTransaction(unit -> unit.accountWebhooks().findUncopied(MAX_COPIED_AT_ONCE));
    BucketRouter.forEach(
        found.stream().filter(one -> isCopyable(one) && copied.add(one.id())).toList(),
        webhook -> {
          var ignored = copies.copy(buckets, webhook, parts.observer());
        });
    bucket.run(unit -> unit.accountWebhooks().removeDeleted(unit.now().minus(DELETED_KEPT_FOR)));
  }

  private static boolean isCopyable(Webhook webhook) {
    return webhook.selectorOwner().deleted() || webhook.decryptionErrors().isEmpty();
  }
}
