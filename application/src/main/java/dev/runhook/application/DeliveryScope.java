package dev.runhook.application;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Optional;

/// Whose deliveries are asked for. Those of a webhook that was deleted are nobody's any more.
public sealed interface DeliveryScope {
  /// Those to one webhook of the stack.
  ///
  /// @param run the name of a run on the stack; absent for all
  record OfWebhook(StackId stack, WebhookId webhook, Optional<String> run)
      implements DeliveryScope {
    @Override
    public AccountId account() {
      return stack.account();
    }
  }

  /// Those that tell of one run, to any webhook of its stack.
  record OfRun(RunId run) implements DeliveryScope {
    @Override
    public AccountId account() {
      return run.stack().account();
    }
  }

  /// Those to any webhook of the account's stacks that are in reach.
  ///
  /// @param run the name of runs, on any of these stacks; absent for all
  record OfAccount(AccountId account, StackScope stackScope, Optional<String> run)
      implements DeliveryScope {}

  AccountId account();

  static DeliveryScope of(StackId stack, WebhookId webhook) {
    return new OfWebhook(stack, webhook, Optional.empty());
  }
}
