package dev.runhook.application.webhook;

import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditedAction;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// What was done to a webhook, told by what it was before and is now. Says which settings were
/// changed, and never to what.
final class WebhookAuditEvents {
  private WebhookAuditEvents() {}

  static AuditedAction of(AuditAction action, Webhook webhook, String detail) {
    return new AuditedAction(
        action,
        webhook.stack().account(),
        Optional.of(webhook.stack().slug()),
        Optional.of(webhook.id().value()),
        detail);
  }

  /// The endpoint's path and query may be as good as a password: its host is all that is told.
  static AuditedAction creation(Webhook webhook) {
    return of(
        AuditAction.WEBHOOK_CREATED,
        webhook,
        host(webhook) + (webhook.isEnabled() ? "" : ", disabled"));
  }

  static AuditedAction deletion(Webhook webhook) {
    return of(AuditAction.WEBHOOK_DELETED, webhook, host(webhook));
  }

  /// All that an edit did, in the order of its importance; nothing where it left all as it was.
  static List<AuditedAction> update(Webhook before, Webhook after) {
    List<AuditedAction> deeds = new ArrayList<>();
    List<String> changed = changed(before.settings(), after.settings());
    if (!changed.isEmpty()) {
      deeds.add(of(AuditAction.WEBHOOK_UPDATED, after, String.join(", ", changed)));
    }
    if (!before.keys().current().equals(after.keys().current())) {
      deeds.add(of(AuditAction.SECRET_ROTATED, after, "by an edit, without overlap"));
    }
    if (before.isEnabled() && !after.isEnabled()) {
      deeds.add(of(AuditAction.WEBHOOK_DISABLED, after, ""));
    }
    if (isOut(before) && !isOut(after)) {
      deeds.add(
          of(
              AuditAction.WEBHOOK_ENABLED,
              after,
              before.isEnabled() ? "it was paused" : "it was disabled"));
    }
    return deeds;
  }

  private static boolean isOut(Webhook webhook) {
    return switch (webhook.health()) {
      case Health.Active _ -> false;
      case Health.Paused _, Health.Disabled _ -> true;
    };
  }

  private static List<String> changed(WebhookSettings before, WebhookSettings after) {
    List<String> changed = new ArrayList<>();
    note(changed, "endpoint", before.endpoint().text(), after.endpoint().text());
    note(changed, "name", before.name(), after.name());
    note(changed, "filters", before.subscription(), after.subscription());
    note(changed, "headers", before.headers(), after.headers());
    note(changed, "patience", before.delivery(), after.delivery());
    return changed;
  }

  private static void note(List<String> changed, String what, Object before, Object after) {
    if (!Objects.equals(before, after)) {
      changed.add(what);
    }
  }

  private static String host(Webhook webhook) {
    String host = webhook.settings().endpoint().uri().getHost();
    return "endpoint on " + (host.length() > 255 ? host.substring(0, 255) : host);
  }
}
