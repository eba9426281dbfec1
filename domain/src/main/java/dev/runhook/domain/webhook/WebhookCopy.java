package dev.runhook.domain.webhook;

import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookOwner.SelectorOwner;
import dev.runhook.domain.webhook.WebhookOwner.StackOwner;
import java.time.Instant;
import java.util.Optional;

/// The copies of an account webhook, which follow it. An account webhook with decryption errors
/// cannot be copied.
public final class WebhookCopy {
  private WebhookCopy() {}

  /// Returns the copy for a stack.
  public static Webhook create(Webhook source, StackId stack, WebhookId id, Instant now) {
    return Webhook.create(id, ownerOf(source, stack), source.settings(), source.keys(), now)
        .withHealth(source.health());
  }

  /// Returns the copy with what its source is now. A pause and a disabling by the receiver end only
  /// if a user has enabled the source since.
  public static Webhook update(Webhook source, Webhook copy) {
    SelectorOwner owner = source.selectorOwner();
    Webhook next =
        copy.edited(source.settings(), source.updatedAt())
            .withKeys(source.keys(), source.updatedAt())
            .withOwner(ownerOf(source, copy.stack()));
    boolean isEnabledAgain =
        copy.source().map(CopySource::version).orElse(0) < owner.enabledVersion();
    boolean followsHealth = source.isEnabled() ? isEnabledAgain : copy.isEnabled();
    return followsHealth ? next.withHealth(source.health()) : next;
  }

  private static StackOwner ownerOf(Webhook source, StackId stack) {
    CopySource of = new CopySource(source.id(), source.selectorOwner().version());
    return new StackOwner(stack, Optional.of(of));
  }
}
