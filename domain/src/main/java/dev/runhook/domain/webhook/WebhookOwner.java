package dev.runhook.domain.webhook;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.run.StackId;
import java.util.Optional;

/// What a webhook belongs to: a stack, or a selector of stacks of an account.
public sealed interface WebhookOwner {
  AccountId account();

  /// A stack, whose events the webhook is notified of.
  ///
  /// @param source the account webhook that the webhook is a copy of; absent if it is the stack's
  ///   own
  record StackOwner(StackId stack, Optional<CopySource> source) implements WebhookOwner {
    @Override
    public AccountId account() {
      return stack.account();
    }
  }

  /// All stacks of an account that a selector matches. Each of them has a copy of the webhook, with
  /// its own deliveries and its own health, and the copies follow the webhook. Users call it an
  /// account webhook.
  ///
  /// @param version 1, 2, 3 … in the order of the changes
  /// @param enabledVersion the version in which a user last enabled the webhook
  /// @param copiedVersion the version that all copies have; 0 if that is unknown
  /// @param deleted whether only the copies remain to be deleted
  record SelectorOwner(
      AccountId account,
      StackSelector selector,
      int version,
      int enabledVersion,
      int copiedVersion,
      boolean deleted)
      implements WebhookOwner {
    /// Returns the owner of a new webhook that has no copies yet.
    public static SelectorOwner of(AccountId account, StackSelector selector) {
      return new SelectorOwner(account, selector, 1, 1, 0, false);
    }

    SelectorOwner withSelector(StackSelector next) {
      return new SelectorOwner(account, next, version, enabledVersion, copiedVersion, deleted);
    }

    /// Returns the version that follows the given one.
    SelectorOwner withVersionAfter(SelectorOwner before) {
      return new SelectorOwner(
          account, selector, before.version + 1, enabledVersion, copiedVersion, deleted);
    }

    /// Returns this owner with the number of the version that all copies have.
    SelectorOwner withCopiedVersion(int copied) {
      return new SelectorOwner(account, selector, version, enabledVersion, copied, deleted);
    }

    /// Returns whether all copies have the current version.
    public boolean isCopied() {
      return copiedVersion == version;
    }

    SelectorOwner enabledInNextVersion() {
      return new SelectorOwner(account, selector, version, version + 1, copiedVersion, deleted);
    }

    SelectorOwner asDeleted() {
      return new SelectorOwner(account, selector, version, enabledVersion, copiedVersion, true);
    }
  }
}
