package dev.runhook.application.webhook;

import static java.time.temporal.ChronoUnit.MILLIS;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.idempotency.IdempotencyScope;
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
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.AccountWebhook;
import dev.runhook.domain.webhook.AccountWebhookId;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.WebhookSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/// Manages the webhooks of an account, which have a copy on each stack that their selector matches.
/// A change is committed in the home bucket first and then copied. If a store is unavailable,
/// [#copyChanges] copies the rest later. An account webhook that does not exist is refused. Changes
/// are audited, and so is reading secrets and header values, as in [WebhookAdmin].
public final class AccountWebhookAdmin {
  private static final int MAX_COPIED_AT_ONCE = 100;

  /// Longer than a process can be late with a copy.
  private static final Duration DELETED_KEPT_FOR = Duration.ofHours(1);

  private final BucketRouter buckets;
  private final Bucket home;
  private final WebhookConfig config;
  private final IdGenerator ids;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final DispatchObserver observer;
  private final WebhookAudit audit;
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
    this(buckets, buckets.home(), config, ids, clock, random, observer);
  }

  private AccountWebhookAdmin(
      BucketRouter buckets,
      Bucket home,
      WebhookConfig config,
      IdGenerator ids,
      InstantSource clock,
      RandomGenerator random,
      DispatchObserver observer) {
    this.buckets = buckets;
    this.home = home;
    this.config = config;
    this.ids = ids;
    this.clock = clock;
    this.random = random;
    this.observer = observer;
    this.audit = new WebhookAudit(new AuditWriter(ids));
    this.copies = new AccountWebhookCopies(ids, config.renderer());
  }

  /// An account webhook and the number of its copies.
  public record Summary(AccountWebhook webhook, CopyCount copies) {}

  /// Returns this port for the calls of one idempotent request. Copying is idempotent.
  public AccountWebhookAdmin within(IdempotencyScope scope) {
    return new AccountWebhookAdmin(
        buckets, scope.bind(buckets).home(), config, ids, clock, random, observer);
  }

  /// Creates an account webhook and its copies. Endpoints are refused as for stacks, but several
  /// webhooks may have the same one.
  public AccountWebhook create(
      AccountId account, StackSelector selector, CreateWebhookRequest newWebhook, Actor actor) {
    Endpoint endpoint = config.checked(newWebhook.endpoint());
    config.check(newWebhook.delivery());
    WebhookSettings settings = newWebhook.settings(endpoint);
    SigningKeys keys = SigningKeys.of(chosenOrGenerated(newWebhook.secret()));
    Require.routingKey(settings, keys);
    Instant now = now();
    AccountWebhook enabled =
        AccountWebhook.create(
            new AccountWebhookId(ids.next()), account, selector, settings, keys, now);
    AccountWebhook webhook = newWebhook.enabled() ? enabled : enabled.disabled(now, actor.name());
    home.run(unit -> {
      long count =
          unit.accountWebhooks().lockAndList(account).stream()
              .filter(other -> !other.deleted())
              .count();
      if (count >= config.maxPerStack()) {
        throw new RefusedException(
            new Refusal.AccountQuotaExceeded("account webhooks", config.maxPerStack()));
      }
      unit.accountWebhooks().put(webhook);
      audit.record(unit, actor, AuditAction.WEBHOOK_CREATED, webhook);
    });
    return copied(webhook);
  }

  /// Changes the values in the patch, and the selector if there is one. The call is refused if the
  /// account webhook is not as the caller expects.
  public AccountWebhook update(
      AccountId account,
      AccountWebhookId id,
      Predicate<AccountWebhook> precondition,
      Optional<StackSelector> selector,
      UpdateWebhookRequest patch,
      Actor actor) {
    Optional<Endpoint> endpoint = patch.endpoint().map(config::checked);
    config.check(patch.settings());
    return change(
        account,
        id,
        before -> {
          WebhookSettings settings =
              patch.applyTo(expected(before, precondition).settings(), endpoint);
          Instant now = now();
          AccountWebhook next = before.edited(selector.orElse(before.selector()), settings, now);
          if (patch.secret().isPresent()) {
            next = next.rotated(patch.secret().get(), now, Duration.ZERO);
          }
          if (patch.enabled().isPresent()) {
            next = patch.enabled().get() ? next.enabled(now) : next.disabled(now, actor.name());
          }
          return next;
        },
        (unit, change) -> audit.recordUpdate(unit, actor, change.before(), change.after()));
  }

  /// Replaces the secret. The previous one still signs `webhook-signature` during the overlap.
  public AccountWebhook rotateSecret(
      AccountId account, AccountWebhookId id, RotateSecretRequest rotation, Actor actor) {
    SigningSecret next = chosenOrGenerated(rotation.secret());
    return change(
        account,
        id,
        before -> before.rotated(next, now(), rotation.overlap()),
        (unit, change) -> audit.record(unit, actor, AuditAction.SECRET_ROTATED, change.after()));
  }

  /// Ends the overlap of the last rotation now. If there is none, nothing changes.
  public void revokePreviousSecret(AccountId account, AccountWebhookId id, Actor actor) {
    change(
        account,
        id,
        before -> before.withoutPreviousSecret(now()),
        (unit, change) ->
            audit.record(unit, actor, AuditAction.PREVIOUS_SECRET_REVOKED, change.after()));
  }

  /// Returns the secrets to show them to a user.
  public SigningKeys readSecret(AccountId account, AccountWebhookId id, Actor actor) {
    return read(account, id, actor, AuditAction.SECRET_READ).keys();
  }

  /// Returns the custom headers to show their values to a user.
  public CustomHeaders readHeaders(AccountId account, AccountWebhookId id, Actor actor) {
    return read(account, id, actor, AuditAction.HEADERS_READ).settings().headers();
  }

  private AccountWebhook read(
      AccountId account, AccountWebhookId id, Actor actor, AuditAction action) {
    return home.inTransaction(unit -> {
      AccountWebhook webhook = Require.accountWebhook(unit.accountWebhooks().list(account), id);
      audit.record(unit, actor, action, webhook);
      return webhook.withoutExpiredSecret(now());
    });
  }

  /// Deletes the account webhook with its copies, as [WebhookAdmin#delete] does. The call is
  /// refused if it is not as the caller expects.
  public void delete(
      AccountId account, AccountWebhookId id, Predicate<AccountWebhook> precondition, Actor actor) {
    change(
        account,
        id,
        before -> expected(before, precondition).asDeleted(now()),
        (unit, change) -> audit.record(unit, actor, AuditAction.WEBHOOK_DELETED, change.after()));
  }

  /// Returns the account webhook with its active secrets.
  public Summary get(AccountId account, AccountWebhookId id) {
    AccountWebhook found =
        home.inTransaction(
            unit -> Require.accountWebhook(unit.accountWebhooks().list(account), id));
    return summarize(account, List.of(found)).getFirst();
  }

  /// Lists the webhooks of the account, oldest first.
  public Page<Summary> list(AccountId account, PageRequest page) {
    List<AccountWebhook> rest =
        home.inTransaction(unit -> unit.accountWebhooks().list(account)).stream()
            .filter(webhook -> !webhook.deleted())
            .filter(webhook ->
                page.after()
                    .map(after -> webhook.id().toString().compareTo(after) > 0)
                    .orElse(true))
            .toList();
    return Page.of(summarize(account, rest), page, summary -> summary.webhook().id().toString());
  }

  private List<Summary> summarize(AccountId account, List<AccountWebhook> webhooks) {
    Map<AccountWebhookId, CopyCount> counts = new HashMap<>();
    for (Bucket bucket : buckets.all()) {
      bucket
          .inTransaction(unit -> unit.accountWebhooks().countCopies(account))
          .forEach((id, count) -> counts.merge(id, count, CopyCount::plus));
    }
    return webhooks.stream()
        .map(webhook ->
            new Summary(
                webhook.withoutExpiredSecret(now()),
                counts.getOrDefault(webhook.id(), CopyCount.none())))
        .toList();
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
    Set<AccountWebhookId> copied = new HashSet<>();
    AccountWebhookCopies.forEach(buckets.all(), bucket -> copyChanges(bucket, copied));
    return copied.size();
  }

  private void copyChanges(Bucket bucket, Set<AccountWebhookId> copied) {
    List<AccountWebhook> found =
        bucket.inTransaction(unit -> unit.accountWebhooks().findUncopied(MAX_COPIED_AT_ONCE));
    AccountWebhookCopies.forEach(
        found.stream().filter(one -> isCopyable(one) && copied.add(one.id())).toList(),
        webhook -> copies.copy(buckets, webhook, observer));
    bucket.run(unit -> unit.accountWebhooks().removeDeleted(unit.now().minus(DELETED_KEPT_FOR)));
  }

  private static boolean isCopyable(AccountWebhook webhook) {
    return webhook.deleted() || webhook.decryptionErrors().isEmpty();
  }

  private AccountWebhook copied(AccountWebhook webhook) {
    if (!isCopyable(webhook)) {
      return webhook;
    }
    try {
      copies.copy(buckets, webhook, observer);
      config.handoff().wake();
      return webhook.copied();
    } catch (StoreUnavailableException ignored) {
      return webhook;
    }
  }

  private record Change(AccountWebhook before, AccountWebhook after) {}

  private AccountWebhook change(
      AccountId account,
      AccountWebhookId id,
      UnaryOperator<AccountWebhook> operator,
      BiConsumer<UnitOfWork, Change> recordAudit) {
    AccountWebhook changed =
        home.inTransaction(unit -> {
          AccountWebhook before =
              Require.accountWebhook(unit.accountWebhooks().lockAndList(account), id);
          AccountWebhook after = operator.apply(before);
          if (after.equals(before)) {
            return before;
          }
          Require.routingKey(after.settings(), after.keys());
          AccountWebhook next = after.withoutExpiredSecret(now()).withVersionAfter(before);
          unit.accountWebhooks().put(next);
          recordAudit.accept(unit, new Change(before, next));
          return next;
        });
    return copied(changed);
  }

  private AccountWebhook expected(AccountWebhook webhook, Predicate<AccountWebhook> precondition) {
    if (!precondition.test(webhook.withoutExpiredSecret(now()))) {
      throw new RefusedException(new Refusal.PreconditionFailed());
    }
    return webhook;
  }

  private SigningSecret chosenOrGenerated(Optional<SigningSecret> chosen) {
    return chosen.orElseGet(() -> SigningSecret.generate(random));
  }

  private Instant now() {
    return clock.instant().truncatedTo(MILLIS);
  }
}
