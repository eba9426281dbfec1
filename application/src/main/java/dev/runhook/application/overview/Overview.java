package dev.runhook.application.overview;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.Pulse;
import dev.runhook.application.StackGlance;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Optional;

/// For people: how stacks and webhooks are going.
public interface Overview {
  static Overview using(Transactor transactor) {
    return new TransactionalOverview(transactor);
  }

  /// The account's stacks within reach, by slug, with their latest run and how their webhooks do.
  ///
  /// @param search a part of the slug or name, in whatever case
  Page<StackGlance> stacks(
      AccountId account, Reach reach, Optional<String> search, PageRequest page);

  /// What became of a webhook's deliveries lately; refuses a webhook that is not there.
  Pulse pulse(StackId stack, WebhookId webhook, Pulse.Span span);
}
