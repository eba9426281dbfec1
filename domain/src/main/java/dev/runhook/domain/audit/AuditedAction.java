package dev.runhook.domain.audit;

import dev.runhook.domain.account.AccountId;
import java.util.Optional;
import java.util.UUID;

/// An audited action, without who did it and when.
///
/// @param stack the slug of the stack; absent if the action concerns the account
/// @param resource the webhook, delivery or token; absent for a stack or all of its webhooks
/// @param detail more information for users, at most 500 characters; never a secret, the new value
///   of a setting, or a URL query
public record AuditedAction(
    AuditAction action,
    AccountId account,
    Optional<String> stack,
    Optional<UUID> resource,
    String detail) {
  private static final int MAX_DETAIL = 500;

  public AuditedAction {
    if (detail.length() > MAX_DETAIL) {
      throw new IllegalArgumentException(
          "a detail has at most " + MAX_DETAIL + " characters, not " + detail.length());
    }
  }
}
