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

/// Describes changes to webhooks in the audit log, without secrets, header values, or the paths of
/// endpoints.
record WebhookAudit(AuditWriter writer) {
  void recordCreation(UnitOfWork unit, Actor actor, Webhook webhook) {
    String detail = host(webhook) + (webhook.isEnabled() ? "" : ", disabled");
    record(unit, actor, AuditAction.WEBHOOK_CREATED, webhook, detail);
  }

  void recordDeletion(UnitOfWork unit, Actor actor, Webhook webhook) {
    record(unit, actor, AuditAction.WEBHOOK_DELETED, webhook, host(webhook));
  }

  /// Records each kind of change between the two versions. The details name the settings that
  /// changed, never their values.
  void recordUpdate(UnitOfWork unit, Actor actor, Webhook before, Webhook after) {
    List<String> settings = changedSettings(before.settings(), after.settings());
    if (!settings.isEmpty()) {
      record(unit, actor, AuditAction.WEBHOOK_UPDATED, after, String.join(", ", settings));
    }
    if (!before.keys().current().equals(after.keys().current())) {
      record(unit, actor, AuditAction.SECRET_ROTATED, after, "by an update, without overlap");
    }
    if (before.isEnabled() && !after.isEnabled()) {
      record(unit, actor, AuditAction.WEBHOOK_DISABLED, after, "");
    }
    if (!isActive(before) && isActive(after)) {
      String detail = before.isEnabled() ? "it was paused" : "it was disabled";
      record(unit, actor, AuditAction.WEBHOOK_ENABLED, after, detail);
    }
  }

  void record(UnitOfWork unit, Actor actor, AuditAction action, Webhook webhook, String detail) {
    writer.write(unit, actor, action, webhook.stack(), Optional.of(webhook.id().value()), detail);
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

  /// Names only the host, because the path and the query of an endpoint may contain credentials.
  private static String host(Webhook webhook) {
    String host = webhook.settings().endpoint().uri().getHost();
    return "endpoint on " + (host.length() > 255 ? host.substring(0, 255) : host);
  }
}
