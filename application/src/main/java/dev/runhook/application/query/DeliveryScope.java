package dev.runhook.application.query;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Optional;

/// A set of deliveries, with those of deleted webhooks.
public sealed interface DeliveryScope {
  /// The deliveries to one webhook of the stack.
  ///
  /// @param run the name of a run on the stack; absent for all runs
  record OfWebhook(StackId stack, WebhookId webhook, Optional<String> run)
      implements DeliveryScope {
    @Override
    public AccountId account() {
      return stack.account();
    }

    @Override
    public StackScope stackScope() {
      return StackScope.of(stack.slug());
    }
  }

  /// The deliveries of one run to all webhooks of its stack.
  ///
  /// @param webhook limits the deliveries to those to one webhook, which need not exist
  record OfRun(RunId run, Optional<WebhookId> webhook) implements DeliveryScope {
    public OfRun(RunId run) {
      this(run, Optional.empty());
    }

    @Override
    public AccountId account() {
      return run.stack().account();
    }

    @Override
    public StackScope stackScope() {
      return StackScope.of(run.stack().slug());
    }
  }

  /// The deliveries to all webhooks of the account's stacks in the stack scope.
  ///
  /// @param run the name of runs on any of these stacks; absent for all runs
  /// @param webhook limits the deliveries to those to one webhook, which need not exist
  record OfAccount(
      AccountId account, StackScope stackScope, Optional<String> run, Optional<WebhookId> webhook)
      implements DeliveryScope {
    public OfAccount(AccountId account, StackScope stackScope, Optional<String> run) {
      this(account, stackScope, run, Optional.empty());
    }
  }

  AccountId account();

  /// Returns the stacks whose deliveries can be in this scope.
  StackScope stackScope();

  static DeliveryScope of(StackId stack, WebhookId webhook) {
    return new OfWebhook(stack, webhook, Optional.empty());
  }
}
