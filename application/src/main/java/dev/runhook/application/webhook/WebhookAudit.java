package dev.runhook.application.webhook;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditDetail;
import dev.runhook.domain.audit.AuditEvent;
import dev.runhook.domain.filter.LabelExpression;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.setting.WebhookSetting;
import dev.runhook.domain.text.Printable;
import dev.runhook.domain.text.TextLimits;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookOwner.SelectorOwner;
import dev.runhook.domain.webhook.WebhookSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Describes changes to webhooks in the audit log, without secrets, header values, or the paths of
/// endpoints.
record WebhookAudit(AuditWriter writer) {
  void recordCreation(UnitOfWork unit, Actor actor, Webhook webhook) {
    String enabled = Boolean.toString(webhook.isEnabled());
    record(unit, actor, AuditAction.WEBHOOK_CREATED, webhook, Map.of(AuditDetail.ENABLED, enabled));
  }

  /// The old and the new value of a setting, for people.
  private record ChangedValue(String setting, String before, String after) {
    /// @param max the maximum length of a value
    String line(int max) {
      String values = TextLimits.shorten(before, max) + " → " + TextLimits.shorten(after, max);
      return Printable.line(setting + ": " + values);
    }

    /// The length of a line without its values, with the line break.
    int overhead() {
      return (setting + ":  → \n").length();
    }
  }

  /// Records each kind of change between the two versions. The details name the settings that
  /// changed, with their values, but only the hosts of endpoints and no values of headers.
  void recordUpdate(UnitOfWork unit, Actor actor, Webhook before, Webhook after) {
    List<String> settings = changedSettings(before.settings(), after.settings());
    if (before.owner() instanceof SelectorOwner selector) {
      addIfChanged(settings, "selector", selector.selector(), after.selectorOwner().selector());
    }
    if (!settings.isEmpty()) {
      Map<AuditDetail, String> details = new EnumMap<>(AuditDetail.class);
      details.put(AuditDetail.CHANGED, String.join(",", settings));
      String values = describe(changes(before, after));
      if (!values.isEmpty()) {
        details.put(AuditDetail.VALUES, values);
      }
      if (!host(before).equals(host(after))) {
        details.put(AuditDetail.PREVIOUS_HOST, host(before));
      }
      record(unit, actor, AuditAction.WEBHOOK_UPDATED, after, details);
    }
    if (!before.keys().current().equals(after.keys().current())) {
      recordRotation(unit, actor, after, Duration.ZERO);
    }
    Map<AuditDetail, String> previousState =
        Map.of(AuditDetail.PREVIOUS_STATE, state(before.health()));
    if (before.isEnabled() && !after.isEnabled()) {
      record(unit, actor, AuditAction.WEBHOOK_DISABLED, after, previousState);
    }
    if ((!isActive(before) && isActive(after)) || isEnabledAgain(before, after)) {
      record(unit, actor, AuditAction.WEBHOOK_ENABLED, after, previousState);
    }
  }

  void recordRotation(UnitOfWork unit, Actor actor, Webhook webhook, Duration overlap) {
    Map<AuditDetail, String> details = Map.of(AuditDetail.OVERLAP, overlap.toString());
    record(unit, actor, AuditAction.SECRET_ROTATED, webhook, details);
  }

  void record(UnitOfWork unit, Actor actor, AuditAction action, Webhook webhook) {
    record(unit, actor, action, webhook, Map.of());
  }

  private void record(
      UnitOfWork unit,
      Actor actor,
      AuditAction action,
      Webhook webhook,
      Map<AuditDetail, String> details) {
    writer.write(unit, actor, action, webhook, details);
  }

  private static String state(Health health) {
    return switch (health) {
      case Health.Active ignored -> "ACTIVE";
      case Health.Paused ignored -> "PAUSED";
      case Health.Disabled ignored -> "DISABLED";
    };
  }

  /// Enabling an active account webhook makes its copies active.
  private static boolean isEnabledAgain(Webhook before, Webhook after) {
    return before.owner() instanceof SelectorOwner selector
        && selector.enabledVersion() != after.selectorOwner().enabledVersion();
  }

  private static boolean isActive(Webhook webhook) {
    return webhook.health() instanceof Health.Active;
  }

  /// Names the settings as the API does.
  private static List<String> changedSettings(WebhookSettings before, WebhookSettings after) {
    List<String> changed = new ArrayList<>();
    addIfChanged(changed, "endpoint", before.endpoint().text(), after.endpoint().text());
    WebhookSetting.ALL.stream()
        .filter(setting -> !setting.isSame(before, after))
        .map(WebhookSetting::name)
        .forEach(changed::add);
    addIfChanged(changed, "headers", before.headers(), after.headers());
    return changed;
  }

  /// Returns the changes whose values may be stored: templates are long, headers are secret, and
  /// the paths of endpoints may be.
  private static List<ChangedValue> changes(Webhook before, Webhook after) {
    WebhookSettings old = before.settings();
    WebhookSettings changed = after.settings();
    List<ChangedValue> changes = new ArrayList<>();
    if (!host(before).equals(host(after))) {
      changes.add(new ChangedValue("endpoint", host(before), host(after)));
    }
    WebhookSetting.ALL.stream()
        .filter(setting -> setting != WebhookSetting.TEMPLATE && !setting.isSame(old, changed))
        .map(setting -> new ChangedValue(setting.name(), setting.show(old), setting.show(changed)))
        .forEach(changes::add);
    if (before.owner() instanceof SelectorOwner selector
        && !selector.selector().equals(after.selectorOwner().selector())) {
      changes.add(
          new ChangedValue(
              "selector", show(selector.selector()), show(after.selectorOwner().selector())));
    }
    return changes;
  }

  /// Returns a line for each change. If they are too long together, all values are cut to the same
  /// length, so that none is left out.
  private static String describe(List<ChangedValue> changes) {
    String complete = describe(changes, Integer.MAX_VALUE);
    if (complete.length() <= AuditEvent.MAX_DETAIL) {
      return complete;
    }
    int overhead = changes.stream().mapToInt(ChangedValue::overhead).sum();
    return describe(changes, (AuditEvent.MAX_DETAIL - overhead) / (2 * changes.size()));
  }

  private static String describe(List<ChangedValue> changes, int max) {
    return changes.stream().map(change -> change.line(max)).collect(Collectors.joining("\n"));
  }

  private static String show(StackSelector selector) {
    String labels = selector.labels().map(LabelExpression::text).orElse("");
    String ids = String.join(", ", selector.ids());
    return labels.isEmpty() && ids.isEmpty()
        ? "all stacks"
        : Stream.of(labels, ids).filter(part -> !part.isEmpty()).collect(Collectors.joining("; "));
  }

  private static void addIfChanged(List<String> changed, String name, Object before, Object after) {
    if (!before.equals(after)) {
      changed.add(name);
    }
  }

  private static String host(Webhook webhook) {
    return webhook.settings().endpoint().uri().getHost();
  }
}
