package dev.runhook.application.spi;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.Pulse;
import dev.runhook.application.StackGlance;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Optional;

/// What people look at to see how all is going: read and counted, never locked.
public interface Glances {
  /// The account's stacks within reach, by slug.
  ///
  /// @param search a part of the slug or name, in whatever case; not empty
  Page<StackGlance> stacks(
      AccountId account, Reach reach, Optional<String> search, PageRequest page);

  /// What became of the webhook's deliveries up to this unit's instant.
  ///
  /// @param most how many deliveries are counted in each step, of those that are finished and of
  ///   the open ones
  Pulse pulse(WebhookId webhook, Pulse.Span span, int most);
}
