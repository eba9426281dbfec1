package dev.runhook.application.audit;

import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditDetail;
import dev.runhook.domain.audit.AuditEvent;
import dev.runhook.domain.audit.AuditEventId;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.text.TextLimits;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookOwner.StackOwner;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/// Records an audit event in the same transaction as the action, so that neither is committed
/// without the other. Long details are cut.
public record AuditWriter(IdGenerator ids) {
  /// Records an action on a webhook, and adds its name and the host of its endpoint: the path and
  /// the query may contain credentials.
  public void write(
      UnitOfWork unit,
      Actor actor,
      AuditAction action,
      Webhook webhook,
      Map<AuditDetail, String> details) {
    Map<AuditDetail, String> all = new EnumMap<>(AuditDetail.class);
    all.put(AuditDetail.HOST, webhook.settings().endpoint().uri().getHost());
    if (!webhook.settings().name().isEmpty()) {
      all.put(AuditDetail.NAME, webhook.settings().name());
    }
    all.putAll(details);
    Optional<String> stack =
        webhook.owner() instanceof StackOwner owner
            ? Optional.of(owner.stack().slug())
            : Optional.empty();
    AccountId account = webhook.owner().account();
    add(unit, actor, action, account, stack, Optional.of(webhook.id().value()), all);
  }

  /// Records an action on a stack or on one of its resources.
  public void write(
      UnitOfWork unit,
      Actor actor,
      AuditAction action,
      StackId stack,
      Optional<UUID> resource,
      Map<AuditDetail, String> details) {
    add(unit, actor, action, stack.account(), Optional.of(stack.slug()), resource, details);
  }

  /// Records an action on a delivery.
  public void write(
      UnitOfWork unit,
      Actor actor,
      AuditAction action,
      Delivery delivery,
      Map<AuditDetail, String> details) {
    Map<AuditDetail, String> all = new EnumMap<>(AuditDetail.class);
    all.put(AuditDetail.WEBHOOK, delivery.webhook().toString());
    delivery.transition().ifPresent(ref -> all.put(AuditDetail.RUN, ref.run()));
    all.putAll(details);
    write(unit, actor, action, delivery.stack(), Optional.of(delivery.id().value()), all);
  }

  /// Records an action on an account or on one of its resources.
  public void write(
      UnitOfWork unit,
      Actor actor,
      AuditAction action,
      AccountId account,
      Optional<UUID> resource,
      Map<AuditDetail, String> details) {
    add(unit, actor, action, account, Optional.empty(), resource, details);
  }

  /// Formats a scope as a detail.
  public static String format(StackScope scope) {
    return switch (scope) {
      case StackScope.All() -> "*";
      case StackScope.Only(var stacks) -> stacks.stream().sorted().collect(Collectors.joining(","));
    };
  }

  private void add(
      UnitOfWork unit,
      Actor actor,
      AuditAction action,
      AccountId account,
      Optional<String> stack,
      Optional<UUID> resource,
      Map<AuditDetail, String> details) {
    Map<AuditDetail, String> limited = new EnumMap<>(AuditDetail.class);
    details.forEach(
        (key, value) -> limited.put(key, TextLimits.shorten(value, AuditEvent.MAX_DETAIL)));
    AuditEventId id = new AuditEventId(ids.next());
    unit.auditEvents()
        .add(
            new AuditEvent(
                id,
                unit.now(),
                actor.name(),
                actor.token(),
                action,
                account,
                stack,
                resource,
                limited));
  }
}
