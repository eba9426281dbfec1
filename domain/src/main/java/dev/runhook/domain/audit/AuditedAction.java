package dev.runhook.domain.audit;

import dev.runhook.domain.account.AccountId;
import java.util.Optional;
import java.util.UUID;

/// Something done, without who did it and when.
///
/// @param stack the slug of the stack it was done on; absent for what is the account's
/// @param subject the webhook, delivery or token it was done to; absent for a stack, or all of its
///   webhooks
/// @param detail for people, at most 500 characters: what there is to tell besides; never a secret,
///   a value that was set, or a query
public record AuditedAction(
    AuditAction action,
    AccountId account,
    Optional<String> stack,
    Optional<UUID> resource,
    String detail) {
  private static final int LONGEST_DETAIL = 500;

  public AuditedAction {
    if (detail.length() > LONGEST_DETAIL) {
      throw new IllegalArgumentException(
          "a detail has at most " + LONGEST_DETAIL + " characters, not " + detail.length());
    }
  }
}
