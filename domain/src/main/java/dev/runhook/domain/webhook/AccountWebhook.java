package dev.runhook.domain.webhook;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.Health.Disabled;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A webhook for all stacks of an account that its selector matches. Each of these stacks has a
/// copy, which is a [Webhook] with its own deliveries and its own health. The copies follow the
/// account webhook.
///
/// @param health [Disabled] by a user, or active; failures count for the copies
/// @param deleted whether only the copies remain to be deleted
/// @param updatedAt when a user last changed the account webhook
public record AccountWebhook(
    AccountWebhookId id,
    AccountId account,
    StackSelector selector,
    WebhookSettings settings,
    SigningKeys keys,
    Health health,
    Versions versions,
    boolean deleted,
    Instant createdAt,
    Instant updatedAt) {
  /// The versions of an account webhook: 1, 2, 3 … in the order of the changes.
  ///
  /// @param enabled the version in which a user last enabled it
  /// @param copied the version that all copies have; 0 if that is unknown
  public record Versions(int current, int enabled, int copied) {}

  /// Returns a new account webhook that has no copies yet.
  public static AccountWebhook create(
      AccountWebhookId id,
      AccountId account,
      StackSelector selector,
      WebhookSettings settings,
      SigningKeys keys,
      Instant now) {
    Versions versions = new Versions(1, 1, 0);
    return new AccountWebhook(
        id, account, selector, settings, keys, Health.healthy(), versions, false, now, now);
  }

  public boolean isEnabled() {
    return !(health instanceof Disabled);
  }

  /// Returns whether all copies have the current version.
  public boolean isCopied() {
    return versions.copied() == versions.current();
  }

  /// Returns why the secrets or custom headers cannot be decrypted, as [Webhook#decryptionErrors]
  /// does. An account webhook with decryption errors cannot be copied.
  public List<String> decryptionErrors() {
    return Webhook.decryptionErrors(keys, settings);
  }

  /// Returns the webhook of a stack that follows this account webhook.
  public Webhook copyFor(StackId stack, WebhookId copy, Instant now) {
    Optional<CopySource> source = Optional.of(source());
    return new Webhook(copy, stack, settings, 1, keys, health, now, now, source, Optional.empty());
  }

  /// Returns a copy with what this account webhook is now. A pause and a disabling by the receiver
  /// end only if a user has enabled this account webhook since.
  public Webhook applyTo(Webhook copy) {
    Webhook edited = copy.edited(settings, updatedAt);
    boolean isEnabledAgain = copy.source().map(CopySource::version).orElse(0) < versions.enabled();
    boolean followsHealth = isEnabled() ? isEnabledAgain : copy.isEnabled();
    return new Webhook(
        copy.id(),
        copy.stack(),
        edited.settings(),
        edited.revision(),
        keys,
        followsHealth ? health : edited.health(),
        copy.createdAt(),
        updatedAt,
        Optional.of(source()),
        edited.formatError());
  }

  private CopySource source() {
    return new CopySource(id, versions.current());
  }

  public AccountWebhook edited(StackSelector nextSelector, WebhookSettings next, Instant now) {
    return new AccountWebhook(
        id, account, nextSelector, next, keys, health, versions, deleted, createdAt, now);
  }

  /// Returns this account webhook enabled. Its copies become active, including those that are
  /// paused or that a receiver has disabled.
  public AccountWebhook enabled(Instant now) {
    Versions next = new Versions(versions.current(), versions.current() + 1, versions.copied());
    return with(keys, Health.healthy(), next, now);
  }

  /// Returns this account webhook disabled by a user.
  public AccountWebhook disabled(Instant now, String by) {
    return isEnabled() ? with(keys, new Disabled(now, Optional.of(by)), versions, now) : this;
  }

  public AccountWebhook rotated(SigningSecret next, Instant now, Duration overlap) {
    return with(keys.rotated(next, now, overlap), health, versions, now);
  }

  public AccountWebhook withoutPreviousSecret(Instant now) {
    return keys.previous().isEmpty() ? this : with(keys.withoutPrevious(), health, versions, now);
  }

  /// Returns this account webhook without a previous secret that has expired.
  public AccountWebhook withoutExpiredSecret(Instant now) {
    return with(keys.withoutExpired(now), health, versions, updatedAt);
  }

  /// Returns the deletion of this account webhook.
  public AccountWebhook asDeleted(Instant now) {
    return new AccountWebhook(
        id,
        account,
        selector,
        settings,
        keys,
        new Disabled(now, Optional.empty()),
        versions,
        true,
        createdAt,
        now);
  }

  /// Returns this account webhook with the version that follows the given one.
  public AccountWebhook withVersionAfter(AccountWebhook before) {
    int next = before.versions.current() + 1;
    return with(keys, health, new Versions(next, versions.enabled(), versions.copied()), updatedAt);
  }

  /// Returns this account webhook with all copies at its version.
  public AccountWebhook copied() {
    int current = versions.current();
    return with(keys, health, new Versions(current, versions.enabled(), current), updatedAt);
  }

  /// Returns this account webhook with copies that may be missing.
  public AccountWebhook uncopied() {
    return with(keys, health, new Versions(versions.current(), versions.enabled(), 0), updatedAt);
  }

  private AccountWebhook with(
      SigningKeys nextKeys, Health nextHealth, Versions nextVersions, Instant changedAt) {
    return new AccountWebhook(
        id,
        account,
        selector,
        settings,
        nextKeys,
        nextHealth,
        nextVersions,
        deleted,
        createdAt,
        changedAt);
  }
}
