package dev.runhook.application.overview;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.Pulse;
import dev.runhook.application.Refusal.NoSuchStack;
import dev.runhook.application.Refusal.NoSuchWebhook;
import dev.runhook.application.RefusedException;
import dev.runhook.application.StackGlance;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Optional;

final class TransactionalOverview implements Overview {
  /// So that no chart costs more than a moment, however busy a webhook is.
  private static final int MOST_COUNTED = 50_000;

  private final Transactor transactor;

  TransactionalOverview(Transactor transactor) {
    this.transactor = transactor;
  }

  @Override
  public Page<StackGlance> stacks(
      AccountId account, Reach reach, Optional<String> search, PageRequest page) {
    return transactor.inTransaction(unit ->
        unit.glances().stacks(account, reach, search.filter(text -> !text.isEmpty()), page));
  }

  @Override
  public Pulse pulse(StackId stack, WebhookId webhook, Pulse.Span span) {
    return transactor.inTransaction(unit -> {
      if (unit.stacks().find(stack).isEmpty()) {
        throw new RefusedException(new NoSuchStack(stack.slug()));
      }
      if (unit.webhooks().find(stack, webhook).isEmpty()) {
        throw new RefusedException(new NoSuchWebhook(webhook.toString()));
      }
      return unit.glances().pulse(webhook, span, MOST_COUNTED);
    });
  }
}
