package dev.runhook.application.webhook;

import dev.runhook.application.Actor;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Records the changes of a webhook. The details name the settings that changed, never their
/// values.
record WebhookAuditEvents(AuditWriter auditWriter) {
  /// Records a new webhook. The detail contains only the endpoint's host, because the path and the
  /// query may contain credentials.
  void created(UnitOfWork unit, Actor actor, Webhook webhook) {
    String detail = host(webhook) + (webhook.isEnabled() ? "" : ", disabled");
    write(unit, actor, AuditAction.WEBHOOK_CREATED, webhook, detail);
  }

  void deleted(UnitOfWork unit, Actor actor, Webhook webhook) {
    write(unit, actor, AuditAction.WEBHOOK_DELETED, webhook, host(webhook));
  }

  /// Records each kind of change between the two versions of a webhook.
  void updated(UnitOfWork unit, Actor actor, Webhook before, Webhook after) {
    List<String> settings = changedSettings(before.settings(), after.settings());
    if (!settings.isEmpty()) {
      write(unit, actor, AuditAction.WEBHOOK_UPDATED, after, String.join(", ", settings));
    }
    if (!before.keys().current().equals(after.keys().current())) {
      write(unit, actor, AuditAction.SECRET_ROTATED, after, "by an update, without overlap");
    }
    if (before.isEnabled() && !after.isEnabled()) {
      write(unit, actor, AuditAction.WEBHOOK_DISABLED, after, "");
    }
    if (!isActive(before) && isActive(after)) {
      String detail = before.isEnabled() ? "it was paused" : "it was disabled";
      write(unit, actor, AuditAction.WEBHOOK_ENABLED, after, detail);
    }
  }

  void write(UnitOfWork unit, Actor actor, AuditAction action, Webhook webhook, String detail) {
    auditWriter.write(
        unit, actor, action, webhook.stack(), Optional.of(webhook.id().value()), detail);
  }

  private static boolean isActive(Webhook webhook) {
    return webhook.health() instanceof Health.Active;
  }

  private static List<String> changedSettings(WebhookSettings before, WebhookSettings after) {
    List<String> changed = new ArrayList<>();
    addIfChanged(changed, "endpoint", before.endpoint().text(), after.endpoint().text());
    addIfChanged(changed, "name", before.name(), after.name());
    addIfChanged(changed, "filters", before.subscription(), after.subscription());
    addIfChanged(changed, "headers", before.headers(), after.headers());
    addIfChanged(changed, "delivery settings", before.delivery(), after.delivery());
    return changed;
  }

  private static void addIfChanged(List<String> changed, String name, Object before, Object after) {
    if (!before.equals(after)) {
      changed.add(name);
    }
  }

  private static String host(Webhook webhook) {
    String host = webhook.settings().endpoint().uri().getHost();
    return "endpoint on " + (host.length() > 255 ? host.substring(0, 255) : host);
  }
}
